package fr.relais.routes;

import fr.relais.failure.RelaisException;

/** The place of a mistake: a line of a route file, or a setting. */
@FunctionalInterface
interface Place {

    /**
     * Returns the exception for a mistake at this place.
     *
     * @param culprit the wrong word in the file, by which the line is found
     * @param problem what is wrong, without a full stop
     * @param remedy what to do about it, as a sentence
     */
    RelaisException mistake(String culprit, String problem, String remedy);

    /** Returns the place of a mistake in the value of a setting. */
    static Place setting(String name) {
        return (culprit, problem, remedy) -> new UnusableSetting(name, problem, remedy);
    }
}
