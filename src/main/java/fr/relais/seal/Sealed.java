package fr.relais.seal;

import fr.relais.failure.RelaisException;

/** The refusal to call the source or to sweep, because the mirror is sealed. */
public final class Sealed extends RelaisException {

    private static final long serialVersionUID = 1L;

    Sealed(Seal.Status status) {
        super(
                "The mirror is " + status,
                "Nothing is fetched or shown. If you have accepted the licence again, run the command unseal.");
    }
}
