package fr.relais.routes;

import fr.relais.failure.RelaisException;

/** Where a mistake is: a line of a route file, or a setting. */
@FunctionalInterface
interface Place {

    /**
     * The failure that tells a mistake at this place.
     *
     * @param culprit the misspelt word, by which its line is found
     */
    RelaisException mistake(String culprit, String problem, String remedy);

    static Place setting(String name) {
        return (culprit, problem, remedy) -> new UnusableSetting(name, problem, remedy);
    }
}
