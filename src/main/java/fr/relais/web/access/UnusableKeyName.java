package fr.relais.web.access;

import fr.relais.failure.RelaisException;

/** No key can be made under a name: it is taken, or has characters that names of keys cannot have. */
public final class UnusableKeyName extends RelaisException {

    UnusableKeyName(String message) {
        super(message, "The command's --help says what it takes.");
    }
}
