package fr.relais.views;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** A parser for the lines of one file of views, which must be parsed in order. */
final class ViewFileParser {

    private static final int LONGEST_LINE = 10_000;
    private static final CSVFormat CSV =
            CSVFormat.RFC4180.builder().setDelimiter(';').get();
    private static final String HEADER =
            "the first line must name the columns, separated by semicolons: offerId, at and optionally key and agent";

    private final boolean isCsv;
    private final ViewParser json = new ViewParser();
    private int number;

    /** The position of each column of a CSV file by its name; null until a valid first line has been parsed. */
    private Map<String, Integer> columns;

    ViewFileParser(boolean isCsv) {
        this.isCsv = isCsv;
    }

    /** Returns the number of the line that was parsed last, counted from 1. */
    int number() {
        return number;
    }

    /**
     * Returns the views in the next line. An empty line and the first line of a CSV file have none.
     *
     * @throws RejectedView when the line is invalid
     */
    List<View> parse(byte[] line) {
        number++;
        String text = text(line);
        if (text.isBlank() && (number > 1 || !isCsv)) {
            return List.of();
        } else if (!isCsv) {
            return json.parse(line);
        } else if (number == 1) {
            columns = columns(text);
            return List.of();
        } else if (columns == null) {
            throw new RejectedView(HEADER);
        }
        CSVRecord fields = record(text);
        return List.of(ViewParser.view(
                field(fields, "offerId"), field(fields, "at"), field(fields, "key"), field(fields, "agent")));
    }

    private static Map<String, Integer> columns(String text) {
        List<String> names = record(text.startsWith("\uFEFF") ? text.substring(1) : text).stream()
                .map(String::strip)
                .toList();
        Map<String, Integer> columns = new HashMap<>();
        names.forEach(name -> columns.put(name, names.indexOf(name)));
        if (!columns.containsKey("offerId") || !columns.containsKey("at")) {
            throw new RejectedView(HEADER);
        }
        return columns;
    }

    private String field(CSVRecord fields, String name) {
        Integer column = columns.get(name);
        if (column == null || column >= fields.size()) {
            return null;
        }
        String value = fields.get(column).strip();
        return value.isEmpty() ? null : value;
    }

    private static CSVRecord record(String text) {
        try (CSVParser parser = CSVParser.parse(text, CSV)) {
            return parser.getRecords().get(0);
        } catch (IOException | RuntimeException e) {
            throw new RejectedView("not a line of CSV: a quoted value needs a quote before and after it");
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

    /**
     * Reads the next line, without its line break and any carriage returns. A line that is too long is cut off just
     * beyond the limit, so that {@link #parse} rejects it.
     *
     * @return the line, or null at the end of the file
     */
    static byte[] nextLine(InputStream lines) throws IOException {
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
