package fr.relais.views;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Counts the views in files in UTF-8. An {@code *.ndjson} file has one JSON object a line. A {@code *.csv} file has
 * semicolons and a first line that names its columns, of which {@code offerId} and {@code at} are required. When a
 * file is counted again after a crash, each of its views still counts once.
 */
public final class ViewFiles {

    private static final int BATCH = 1_000;

    /** Empty on Windows, where files inherit the permissions of their folder. */
    private static final FileAttribute<?>[] OWNER_ONLY =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                    }
                    : new FileAttribute<?>[0];

    private final Views views;

    /** The numbers of views and rejected lines in a file. */
    private record Summary(Views.Counted counted, int rejected) {}

    public ViewFiles(Views views) {
        this.views = views;
    }

    /**
     * Counts the views in all valid lines. Writes invalid lines to a file of the same name with {@code .rejected}
     * appended: the line number, the reason and the line, separated by semicolons. Only the owner can read that file,
     * because a line may have the address or the agent of a visitor.
     *
     * <p>Does not follow links. Otherwise, anyone with write access to the folder could have any file read or
     * overwritten.
     *
     * @return a summary in one line, or null when all lines were valid
     * @throws UncountedFile when the file cannot be counted now; it can be counted again without counting a view twice
     */
    public String count(File file) {
        Path rejected = file.toPath().resolveSibling(file.getName() + ".rejected");
        Path temporary = file.toPath().resolveSibling("." + file.getName() + ".rejected");
        Summary summary;
        try {
            try (InputStream lines =
                            new BufferedInputStream(Files.newInputStream(file.toPath(), LinkOption.NOFOLLOW_LINKS));
                    Writer rejections = createPrivate(temporary)) {
                summary = count(lines, new ViewFileParser(file.getName().endsWith(".csv")), rejections);
            }
            if (summary.rejected == 0) {
                Files.delete(temporary);
                return null;
            }
            Files.move(temporary, rejected, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Files.isSymbolicLink(file.toPath()) ? UncountedFile.link(file, e) : UncountedFile.of(file, e);
        } catch (DataAccessException | TransactionException e) {
            throw UncountedFile.of(file, e);
        }
        return "%s: %d views counted, %d counted before, %d of unknown offers, %d lines rejected, see %s"
                .formatted(
                        file.getName(),
                        summary.counted.counted(),
                        summary.counted.repeated(),
                        summary.counted.unknown(),
                        summary.rejected,
                        rejected.getFileName());
    }

    /** Creates a file that only the owner can read, and replaces one that a crash has left. */
    private static Writer createPrivate(Path file) throws IOException {
        Files.deleteIfExists(file);
        return Channels.newWriter(
                Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY),
                StandardCharsets.UTF_8);
    }

    private Summary count(InputStream lines, ViewFileParser parser, Writer rejections) throws IOException {
        List<View> batch = new ArrayList<>();
        Views.Counted counted = new Views.Counted(0, 0, 0);
        int rejected = 0;
        for (byte[] line = ViewFileParser.nextLine(lines); line != null; line = ViewFileParser.nextLine(lines)) {
            try {
                batch.addAll(parser.parse(line));
            } catch (RejectedView e) {
                rejected++;
                views.recordRejection();
                rejections
                        .append(Integer.toString(parser.number()))
                        .append(';')
                        .append(e.getMessage())
                        .append(';')
                        // Written even when it is not UTF-8, so that it can be corrected and submitted again.
                        .append(new String(line, StandardCharsets.UTF_8))
                        .append('\n');
            }
            if (batch.size() >= BATCH) {
                counted = counted.plus(views.count(batch));
                batch.clear();
            }
        }
        return new Summary(counted.plus(views.count(batch)), rejected);
    }
}
