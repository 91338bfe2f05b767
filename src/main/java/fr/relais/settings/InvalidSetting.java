package fr.relais.settings;

import fr.relais.failure.RelaisException;

/** A setting is missing, unknown or unusable; the message names it and says what it takes. */
public final class InvalidSetting extends RelaisException {

    /** @param problem continues the sentence that begins with the name of the setting */
    InvalidSetting(String name, String problem) {
        super("Setting " + name + " " + problem, "Correct the setting; relais.properties in the jar explains each.");
    }
}
