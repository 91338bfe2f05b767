package fr.relais.offer;

/** What an integrator adds to offers failed; the cause, whose text may quote an offer, says why. */
public final class TransformFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TransformFailed(Throwable cause) {
        super("transform-offer failed", cause);
    }
}
