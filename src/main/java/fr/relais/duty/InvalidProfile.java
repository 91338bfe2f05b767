package fr.relais.duty;

import fr.relais.failure.RelaisException;

/** A licence profile that cannot be used. The message names the file and, if known, the line and the field. */
public final class InvalidProfile extends RelaisException {

    private static final long serialVersionUID = 1L;

    /**
     * @param line the number of the line, from 1; 0 when the mistake concerns the whole file
     * @param problem what is wrong, without a full stop
     */
    InvalidProfile(String file, int line, String problem) {
        super(
                "Licence profile " + file + (line > 0 ? ":" + line : "") + ": " + problem,
                "Correct the file of relais.licence.profile; the packed profile pole-emploi.yaml is an example.");
    }
}
