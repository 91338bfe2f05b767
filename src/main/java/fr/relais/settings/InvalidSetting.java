package fr.relais.settings;

import fr.relais.failure.RelaisException;

/** The refusal of a setting that is missing, unknown or unusable. The message names the setting and what it takes. */
public final class InvalidSetting extends RelaisException {

    /** @param problem the rest of a sentence that begins with the name of the setting */
    InvalidSetting(String name, String problem) {
        this(name, problem, "Correct the setting; relais.properties in the jar explains each.");
    }

    private InvalidSetting(String name, String problem, String remedy) {
        super("Setting " + name + " " + problem, remedy);
    }

    /** Returns the refusal of a setting that has one value for the beans and another one for the routes. */
    public static InvalidSetting overridden(String name) {
        return new InvalidSetting(
                name,
                "has another value for the routes, from an environment variable, a system property or an override"
                        + " property of the Camel context",
                "Set it in one place only, or to the same value in both.");
    }
}
