package fr.relais.views;

import fr.relais.failure.RelaisException;

/** A submitted record is not a valid view. The message says what is wrong and where, but quotes no part of it. */
public final class RejectedView extends RelaisException {

    private static final long serialVersionUID = 1L;

    RejectedView(String reason) {
        super(reason, "See /api/openapi.yaml for the fields of a view.");
    }
}
