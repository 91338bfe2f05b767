package fr.relais.routes;

import fr.relais.failure.RelaisException;

/** A setting whose value no route can use, such as the address of an endpoint that does not exist. */
public final class UnusableSetting extends RelaisException {

    /** @param problem what is wrong, without a full stop and without the value, which may hold a password */
    UnusableSetting(String name, String problem, String remedy) {
        super("Setting " + name + ": " + problem, remedy);
    }
}
