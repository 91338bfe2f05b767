package fr.relais.sweep;

import fr.relais.failure.RelaisException;

/** The failure to approve or refuse the removals of a sweep that holds none. */
public final class NotHeld extends RelaisException {

    NotHeld(long sweep) {
        super(
                "Sweep " + sweep + " holds no removals: it is not held, a later sweep has begun, or"
                        + " relais.source.origins has changed",
                "See the console for the sweeps and their states.");
    }
}
