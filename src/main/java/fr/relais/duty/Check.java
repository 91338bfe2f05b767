package fr.relais.duty;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The way in which Relais determines the state of a clause. */
public enum Check {
    /** The structure of Relais keeps the clause, and the tests of Relais prove it. */
    STRUCTURE,
    /** The last comparison of random offers with the source found no difference, and is less than 48 hours old. */
    SELF_AUDIT,
    /** No version of the licence waits for a decision or was refused. */
    LICENCE_VERSION,
    /** No change of the API is announced. */
    API_CHANGES,
    /** The changelog is published. */
    CHANGELOG,
    /** A proved sweep began within the last 24 hours. */
    DAILY_UPDATE,
    /** Each monthly report is sent in the following month. */
    MONTHLY_REPORT,
    /** The tag for redirections is set. */
    XITI_TAG,
    /** No backup has brought back removed offers. */
    RESTORE,
    /** The operator's logo is set. */
    LOGO,
    /** The operator's logo is not set. */
    NO_LOGO,
    /** The source accepts the account, and was called within the last 12 months. */
    ACCESS;

    /** Returns the name in profiles, such as {@code self-audit}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Check> of(String name) {
        return Arrays.stream(values())
                .filter(check -> check.toString().equals(name))
                .findFirst();
    }
}
