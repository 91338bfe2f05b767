package fr.relais.routes;

import fr.relais.failure.RelaisException;

/** A mistake in a route file. The message names the file and, if known, the line. */
public final class InvalidRouteFile extends RelaisException {

    /**
     * @param file the location of the file
     * @param line the number of the line, from 1; 0 when the mistake concerns the whole file
     * @param problem what is wrong, without a full stop
     */
    InvalidRouteFile(String file, int line, String problem, String remedy) {
        super("Route file " + file + (line > 0 ? ":" + line : "") + ": " + problem, remedy);
    }
}
