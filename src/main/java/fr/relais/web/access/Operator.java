package fr.relais.web.access;

import java.nio.ByteBuffer;
import java.security.Principal;

/**
 * An operator who has signed in.
 *
 * @param hash the SHA-256 of the operator's key; null for the password of the settings
 */
record Operator(String name, ByteBuffer hash) implements Principal {

    @Override
    public String getName() {
        return name;
    }
}
