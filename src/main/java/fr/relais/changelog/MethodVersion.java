package fr.relais.changelog;

import fr.relais.licence.Mentions;
import java.time.Instant;
import java.util.List;

/**
 * The method as it was from a moment on.
 *
 * @param number 1 is the first
 * @param sha256 of its text
 * @param difference from the version before, in unified form, each line with its section; empty for the first
 */
public record MethodVersion(int number, Instant since, String sha256, Method method, List<String> difference) {

    /** Its beginning in words. */
    public String sinceText() {
        return Mentions.inWords(since);
    }
}
