package fr.relais;

import fr.relais.failure.RelaisException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The check of the version of Camel, which a host may have chosen itself. */
final class CamelVersionCheck {

    /** The oldest supported version, with which Relais is tested. */
    private static final int MAJOR = 4;

    private static final int MINOR = 22;

    private static final Pattern VERSION = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})\\b.*");

    private CamelVersionCheck() {}

    /** The refusal of a Camel that is too old. */
    static final class TooOld extends RelaisException {
        private TooOld(String version) {
            super(
                    "The Camel context has version " + version + ", and Relais needs " + MAJOR + "." + MINOR
                            + " or later",
                    "Raise the version of Camel, or import the pom of Relais first in dependencyManagement.");
        }
    }

    /**
     * Makes sure that Camel is not too old.
     *
     * @param version such as 4.22.0; accepted if it has another form, because repackaged jars may lack their version
     * @throws TooOld when Camel is too old
     */
    static void require(String version) {
        Matcher parts = VERSION.matcher(version == null ? "" : version);
        if (parts.matches()) {
            int major = Integer.parseInt(parts.group(1));
            int minor = Integer.parseInt(parts.group(2));
            if (major < MAJOR || major == MAJOR && minor < MINOR) {
                throw new TooOld(version);
            }
        }
    }
}
