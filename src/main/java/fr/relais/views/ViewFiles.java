package fr.relais.views;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Counts the views in a file: {@code *.ndjson}, one JSON object a line, or {@code *.csv} in UTF-8 with semicolons and a first line that
 * names its columns, {@code offerId} and {@code at} at least. A file that is counted again after a crash counts once, as any event does.
 */
public final class ViewFiles {

    private static final int BATCH = 1_000;
    private static final int LONGEST_LINE = 10_000;
    private static final CSVFormat CSV =
            CSVFormat.RFC4180.builder().setDelimiter(';').get();
    private static final String HEADER =
            "the first line takes the names of the columns, offerId;at and key;agent if there are such";

    private final Views views;
    private final ViewParser parser = new ViewParser();

    public ViewFiles(Views views) {
        this.views = views;
    }

    /**
     * Counts all lines that are views. The others go to a file of the same name with {@code .rejected} after it, each after its number and
     * the reason.
     *
     * @return what to tell about it, in one line for the log, or null when all lines were views
     * @throws UncheckedIOException when the file cannot be read or the other not be written
     */
    public String count(File file) {
        Path rejected = file.toPath().resolveSibling(file.getName() + ".rejected");
        Path part = file.toPath().resolveSibling("." + file.getName() + ".rejected");
        Reading reading = new Reading(file.getName().endsWith(".csv"));
        try {
            try (InputStream lines = new BufferedInputStream(Files.newInputStream(file.toPath()));
                    Writer rejections = Files.newBufferedWriter(part)) {
                reading.read(lines, rejections);
            }
            if (reading.rejected == 0) {
                Files.delete(part);
            } else {
                Files.move(part, rejected, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return reading.rejected == 0
                ? null
                : file.getName() + ": " + reading.counted.counted() + " views counted, "
                        + reading.counted.repeated() + " counted before, " + reading.counted.unknown()
                        + " of unknown offers, "
                        + reading.rejected + " lines rejected";
    }

    private final class Reading {

        private final boolean csv;
        private final List<View> batch = new ArrayList<>();
        private Map<String, Integer> columns;
        private Views.Counted counted = new Views.Counted(0, 0, 0);
        private int rejected;

        Reading(boolean csv) {
            this.csv = csv;
        }

        void read(InputStream lines, Writer rejections) throws IOException {
            int number = 0;
            byte[] line = line(lines);
            while (line != null) {
                number++;
                try {
                    read(number, line);
                } catch (RejectedView e) {
                    rejected++;
                    rejections
                            .append(Integer.toString(number))
                            .append(';')
                            .append(e.getMessage())
                            .append(';')
                            // Whatever its encoding, so that it can be mended and given again.
                            .append(new String(line, StandardCharsets.UTF_8))
                            .append('\n');
                }
                if (batch.size() == BATCH) {
                    count();
                }
                line = line(lines);
            }
            count();
        }

        private void read(int number, byte[] line) {
            String text = text(line);
            if (text.isBlank() && (number > 1 || !csv)) {
                return;
            } else if (!csv) {
                batch.addAll(parser.parse(line));
            } else if (number == 1) {
                columns = columns(text);
            } else if (columns == null) {
                throw new RejectedView(HEADER);
            } else {
                batch.add(view(record(text)));
            }
        }

        private Map<String, Integer> columns(String text) {
            List<String> names = record(text.startsWith("\uFEFF") ? text.substring(1) : text).stream()
                    .map(String::strip)
                    .toList();
            Map<String, Integer> found = new HashMap<>();
            names.forEach(name -> found.put(name, names.indexOf(name)));
            if (!found.containsKey("offerId") || !found.containsKey("at")) {
                throw new RejectedView(HEADER);
            }
            return found;
        }

        private View view(CSVRecord line) {
            return ViewParser.view(field(line, "offerId"), field(line, "at"), field(line, "key"), field(line, "agent"));
        }

        private String field(CSVRecord line, String name) {
            Integer column = columns.get(name);
            if (column == null || column >= line.size()) {
                return null;
            }
            String value = line.get(column).strip();
            return value.isEmpty() ? null : value;
        }

        private void count() {
            counted = counted.plus(views.count(batch));
            batch.clear();
        }
    }

    private static CSVRecord record(String text) {
        try (CSVParser parser = CSVParser.parse(text, CSV)) {
            return parser.getRecords().get(0);
        } catch (IOException | RuntimeException e) {
            throw new RejectedView("not a line of CSV: quotes take one before and one after a value");
        }
    }

    private static String text(byte[] line) {
        if (line.length > LONGEST_LINE) {
            throw new RejectedView("longer than " + LONGEST_LINE + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RejectedView("not UTF-8");
        }
    }

    /** The next line without its end, or null. Of one that is far too long no more is kept than shows that. */
    private static byte[] line(InputStream lines) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = lines.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            if (next != '\r' && line.size() <= LONGEST_LINE) {
                line.write(next);
            }
            next = lines.read();
        }
        return line.toByteArray();
    }
}
