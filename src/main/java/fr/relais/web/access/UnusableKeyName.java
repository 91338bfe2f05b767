package fr.relais.web.access;

import fr.relais.failure.RelaisException;

/** The failure to create a key, because its name is taken or is not valid. */
public final class UnusableKeyName extends RelaisException {

    UnusableKeyName(String message) {
        super(message, "Choose another name; the command's --help describes valid names.");
    }
}
