package fr.relais.sweep;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The largest fence of the lease that was seen so far. It is kept outside the database, so that a restore does not
 * change it. Each database has one small file.
 */
final class RememberedFence {

    private static final Logger LOG = LoggerFactory.getLogger(RememberedFence.class);

    private final Path folder;

    /** The fences by database. They are still known if the folder cannot be written. */
    private final Map<String, Long> seen = new HashMap<>();

    private boolean hasFailed;

    /** @param folder is created when it is needed */
    RememberedFence(Path folder) {
        this.folder = folder;
    }

    /** Returns the fence of a database; empty when nothing is known of that database. */
    synchronized OptionalLong of(String database) {
        long fence = Math.max(seen.getOrDefault(database, -1L), stored(database));
        return fence < 0 ? OptionalLong.empty() : OptionalLong.of(fence);
    }

    /** Remembers a fence, unless a larger one is known. If this fails several times in a row, logs only the first. */
    synchronized void raise(String database, long fence) {
        if (fence <= of(database).orElse(-1)) {
            return;
        }
        seen.put(database, fence);
        try {
            store(database, fence);
            hasFailed = false;
        } catch (IOException e) {
            if (!hasFailed) {
                LOG.warn(
                        "A restore of the database while no process runs will not be noticed, because"
                                + " relais.restore.folder cannot be written: {}",
                        e.toString());
            }
            hasFailed = true;
        }
    }

    private void store(String database, long fence) throws IOException {
        Files.createDirectories(folder);
        Path written = Files.createTempFile(folder, database, ".new");
        try {
            Files.write(written, Long.toString(fence).getBytes(US_ASCII), CREATE, TRUNCATE_EXISTING, WRITE, SYNC);
            Files.move(written, file(database), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    /** Returns the fence in the file, or -1 without a usable file. */
    private long stored(String database) {
        try {
            return Long.parseLong(Files.readString(file(database), US_ASCII).strip());
        } catch (IOException | NumberFormatException e) {
            return -1;
        }
    }

    private Path file(String database) {
        return folder.resolve(database + ".fence");
    }
}
