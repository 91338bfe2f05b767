package fr.relais.views;

import fr.relais.failure.Failures;
import fr.relais.failure.RelaisException;
import java.io.File;
import java.io.IOException;
import org.springframework.core.NestedRuntimeException;

/** The views in a file cannot be counted now. */
public final class UncountedFile extends RelaisException {

    private static final long serialVersionUID = 1L;

    private static final String LATER = "The file stays in relais.views.folder and is counted later.";

    private UncountedFile(String message, String remedy, Throwable cause) {
        super(message, remedy, cause);
    }

    /** Describes a file that is a link, which could lead to any file that this process may read. */
    static UncountedFile link(File file, IOException cause) {
        return new UncountedFile(
                file.getName() + " is a link, and links are not followed",
                "Replace the link in relais.views.folder with the file itself.",
                cause);
    }

    /** Describes a file that cannot be read, or whose rejected lines cannot be written. */
    static UncountedFile of(File file, IOException cause) {
        return new UncountedFile(
                file.getName() + " cannot be read, or the file of its rejected lines cannot be written: "
                        + cause.getClass().getSimpleName(),
                LATER,
                cause);
    }

    /** Describes a file whose views the database cannot take, because it is down or rejects them. */
    static UncountedFile of(File file, NestedRuntimeException cause) {
        return new UncountedFile(file.getName() + " cannot be counted now: " + Failures.describe(cause), LATER, cause);
    }
}
