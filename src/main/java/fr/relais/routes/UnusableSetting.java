package fr.relais.routes;

import fr.relais.failure.RelaisException;

/** A setting with a value that a route cannot use, such as the address of an endpoint that does not exist. */
public final class UnusableSetting extends RelaisException {

    /** @param problem what is wrong, without a full stop and without the value, which may contain a password */
    UnusableSetting(String name, String problem, String remedy) {
        super("Setting " + name + ": " + problem, remedy);
    }
}
