package fr.relais.views;

/** What was said to be a view is none; the message says why, and quotes nothing of it. */
public final class RejectedView extends IllegalArgumentException {

    RejectedView(String reason) {
        super(reason);
    }
}
