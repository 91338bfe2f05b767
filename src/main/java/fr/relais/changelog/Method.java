package fr.relais.changelog;

import static fr.relais.licence.Mentions.TEXTS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * How the mirror comes about, in French, for the public (licence, article 4): a text about the standard pipeline, the settings and route
 * files in force, and what our own transformation does. It follows from what is in force and from nothing else, so each process that
 * runs the same says the same.
 *
 * @param sections in order, none of them empty
 */
public record Method(List<Section> sections) {

    private static final String INDENT = "  ";

    /**
     * A title and what belongs under it.
     *
     * @param title one line
     * @param lines each without a line break or any other control character
     */
    public record Section(String title, List<String> lines) {
        public Section {
            title = clean(title);
            lines = lines.stream().map(Method::clean).toList();
        }
    }

    /** Where a route file comes from: the software, or a folder in which it replaces a packed one or adds to them. */
    public enum Origin {
        PACKED,
        REPLACED,
        ADDED;

        private String text() {
            return TEXTS.getString("changelog.file." + name().toLowerCase(Locale.ROOT));
        }
    }

    /**
     * A route file in force.
     *
     * @param name without its folder
     * @param sha256 of its bytes, in hexadecimal
     * @param routes that it has, when it is not packed
     */
    public record RouteFile(String name, Origin origin, String sha256, List<Route> routes) {}

    /**
     * A route in its own words.
     *
     * @param description empty when it has none
     */
    public record Route(String id, String description) {

        private String text() {
            return description.isEmpty() ? id : Method.text("changelog.route", id, description);
        }
    }

    public Method {
        sections = List.copyOf(sections);
    }

    /**
     * @param version of the software, or null when it is not known
     * @param settings those that shape the mirror, none of them secret, by name in the order in which they are told
     * @param transformations the routes with which we modify or complete offers
     */
    public static Method of(
            String version,
            Map<String, String> settings,
            List<Migration> migrations,
            List<RouteFile> files,
            List<Route> transformations) {
        List<Section> sections = new ArrayList<>();
        add(
                sections,
                "changelog.software",
                Stream.of(text(
                        "changelog.software.version",
                        version == null ? TEXTS.getString("changelog.software.unreleased") : version)));
        for (String part : TEXTS.getString("changelog.method").split(",")) {
            String key = "changelog.method." + part;
            add(sections, key, TEXTS.getString(key + ".text").lines());
        }
        add(
                sections,
                "changelog.settings",
                settings.entrySet().stream()
                        .map(setting -> text(
                                "changelog.setting",
                                TEXTS.getString("changelog.setting." + setting.getKey()),
                                setting.getValue(),
                                setting.getKey())));
        add(sections, "changelog.files", files.stream().flatMap(Method::lines));
        add(
                sections,
                "changelog.migrations",
                migrations.stream()
                        .map(migration -> text(
                                "changelog.migration",
                                migration.version(),
                                migration.description(),
                                migration.checksum())));
        add(
                sections,
                "changelog.transformations",
                Stream.concat(
                        Stream.of(TEXTS.getString(
                                transformations.isEmpty()
                                        ? "changelog.transformations.none"
                                        : "changelog.transformations.some")),
                        transformations.stream().map(Route::text)));
        return new Method(sections);
    }

    private static Stream<String> lines(RouteFile file) {
        return Stream.concat(
                Stream.of(text("changelog.file", file.name, file.origin.text(), file.sha256)),
                file.routes.stream().map(route -> text("changelog.file.route", file.name, route.text())));
    }

    /** Reads what {@link #text} has written. */
    public static Method parse(String text) {
        List<Section> sections = new ArrayList<>();
        String title = null;
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n")) {
            if (line.startsWith(INDENT)) {
                lines.add(line.substring(INDENT.length()));
                continue;
            }
            if (title != null) {
                sections.add(new Section(title, lines));
            }
            title = line;
            lines = new ArrayList<>();
        }
        sections.add(new Section(title, lines));
        return new Method(sections);
    }

    /** Titles and, indented, lines; each ends with a line feed. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Section section : sections) {
            text.append(section.title).append('\n');
            section.lines.forEach(line -> text.append(INDENT).append(line).append('\n'));
        }
        return text.toString();
    }

    /** The SHA-256 of the text in UTF-8, in hexadecimal. */
    public String sha256() {
        return DigestUtils.sha256Hex(text());
    }

    /** Each line with its section before it, so that it can stand alone. */
    List<String> lines() {
        return sections.stream()
                .flatMap(section -> section.lines.stream().map(line -> section.title + " : " + line))
                .toList();
    }

    /** Makes one line that every format can hold: control and non-characters become spaces, and several spaces one. */
    private static String clean(String text) {
        int[] characters = text.codePoints()
                .map(character -> switch (Character.getType(character)) {
                    case Character.CONTROL,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SURROGATE -> ' ';
                    default -> (character & 0xFFFE) == 0xFFFE ? ' ' : character;
                })
                .toArray();
        return Arrays.stream(new String(characters, 0, characters.length).split(" "))
                .filter(word -> !word.isEmpty())
                .reduce((words, word) -> words + " " + word)
                .orElse("");
    }

    private static void add(List<Section> sections, String title, Stream<String> text) {
        List<String> lines = text.toList();
        if (!lines.isEmpty()) {
            sections.add(new Section(TEXTS.getString(title), lines));
        }
    }

    private static String text(String key, Object... values) {
        return String.format(Locale.FRENCH, TEXTS.getString(key), values);
    }
}
