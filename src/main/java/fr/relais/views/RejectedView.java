package fr.relais.views;

import fr.relais.failure.RelaisException;

/** A submitted record is not a valid view. The message says why and where, and quotes nothing of the record. */
public final class RejectedView extends RelaisException {

    private static final long serialVersionUID = 1L;

    RejectedView(String reason) {
        super(reason, "The API's description, /api/openapi.yaml, has the fields of a view and an example.");
    }
}
