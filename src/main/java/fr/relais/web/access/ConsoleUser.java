package fr.relais.web.access;

import java.nio.ByteBuffer;
import java.security.Principal;

/**
 * A person who has signed in at the console.
 *
 * @param role {@link Access#OPERATOR} or {@link Access#AUDITOR}
 * @param hash the SHA-256 of the person's key; null for the password of the settings
 */
record ConsoleUser(String name, String role, ByteBuffer hash) implements Principal {

    @Override
    public String getName() {
        return name;
    }
}
