package fr.relais.offer;

import fr.relais.failure.Failures;
import fr.relais.failure.RelaisException;

/** The route {@code transform-offer} failed. The cause, whose own message may quote an offer, is told by its types alone. */
public final class TransformFailed extends RelaisException {

    private static final long serialVersionUID = 1L;

    public TransformFailed(Throwable cause) {
        super(
                "transform-offer failed: " + Failures.types(cause),
                "Correct the route transform-offer; the next sweep calls it again for the same offers.",
                cause);
    }
}
