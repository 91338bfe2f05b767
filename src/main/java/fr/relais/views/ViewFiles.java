package fr.relais.views;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Counts the views in files: {@code *.ndjson}, one JSON object a line, or {@code *.csv} in UTF-8 with semicolons and
 * a first line that names its columns, {@code offerId} and {@code at} at least. A file that is counted again after a
 * crash counts once, as any view does.
 */
public final class ViewFiles {

    private static final int BATCH = 1_000;

    private final Views views;

    /** What came of a file. */
    private record Summary(Views.Counted counted, int rejected) {}

    public ViewFiles(Views views) {
        this.views = views;
    }

    /**
     * Counts all lines that are valid. Rejected lines go to a file of the same name with {@code .rejected} after it,
     * each after its number and the reason.
     *
     * @return a summary in one line, or null when all lines were valid
     * @throws UncountedFile when the file cannot be counted now; counting it again counts each view once
     */
    public String count(File file) {
        Path rejected = file.toPath().resolveSibling(file.getName() + ".rejected");
        Path part = file.toPath().resolveSibling("." + file.getName() + ".rejected");
        Summary summary;
        try {
            try (InputStream lines = new BufferedInputStream(Files.newInputStream(file.toPath()));
                    Writer rejections = Files.newBufferedWriter(part)) {
                summary = count(lines, new ViewFileParser(file.getName().endsWith(".csv")), rejections);
            }
            if (summary.rejected == 0) {
                Files.delete(part);
                return null;
            }
            Files.move(part, rejected, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw UncountedFile.of(file, e);
        } catch (DataAccessException | TransactionException e) {
            throw UncountedFile.of(file, e);
        }
        return "%s: %d views counted, %d counted before, %d of unknown offers, %d lines rejected"
                .formatted(
                        file.getName(),
                        summary.counted.counted(),
                        summary.counted.repeated(),
                        summary.counted.unknown(),
                        summary.rejected);
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
                rejections
                        .append(Integer.toString(parser.number()))
                        .append(';')
                        .append(e.getMessage())
                        .append(';')
                        // Whatever its encoding, so that it can be corrected and submitted again.
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
