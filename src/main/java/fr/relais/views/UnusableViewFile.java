package fr.relais.views;

import fr.relais.failure.RelaisException;
import java.io.IOException;

/** A file of views cannot be read, or the file of its rejected lines cannot be written. */
public final class UnusableViewFile extends RelaisException {

    private static final long serialVersionUID = 1L;

    UnusableViewFile(IOException cause) {
        super(
                "the file cannot be read, or *.rejected not be written beside it: "
                        + cause.getClass().getSimpleName(),
                "Check the permissions of relais.views.folder.",
                cause);
    }
}
