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
 * The method: a description in French, for the public, of how the mirror is made (licence, article 4). It describes the
 * standard pipeline, the settings, route files and migrations in force, and our own transformations. It depends on
 * nothing else, so processes with the same configuration have the same method.
 *
 * @param sections the sections in order, none of them empty
 */
public record Method(List<Section> sections) {

    private static final String INDENT = "  ";

    /**
     * A section of the method. Its texts are cleaned of line breaks and other control characters.
     *
     * @param title one line
     * @param lines the lines under the title
     */
    public record Section(String title, List<String> lines) {
        public Section {
            title = clean(title);
            lines = lines.stream().map(Method::clean).toList();
        }
    }

    /** The origin of a route file: packed with the software, or replacing a packed file, or added. */
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
     * @param name the file name without the folder
     * @param sha256 the SHA-256 of the file, in hexadecimal
     * @param routes the routes in the file; empty for a packed file
     */
    public record RouteFile(String name, Origin origin, String sha256, List<Route> routes) {}

    /**
     * A route and its own description.
     *
     * @param description the description, or empty
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
     * Creates the method from the configuration in force.
     *
     * @param version the version of the software, or null when it is not known
     * @param settings the settings that shape the mirror, by name, in the order of the listing; none of them is secret
     * @param migrations the applied migrations of the database
     * @param files the route files in force
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

    /** Parses a method from the text that {@link #text()} returns. */
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

    /** Returns the titles and, indented below each, its lines. Each ends with a line feed. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Section section : sections) {
            text.append(section.title).append('\n');
            section.lines.forEach(line -> text.append(INDENT).append(line).append('\n'));
        }
        return text.toString();
    }

    /** Returns the SHA-256 of the text in UTF-8, in hexadecimal. */
    public String sha256() {
        return DigestUtils.sha256Hex(text());
    }

    /** Returns every line, preceded by the title of its section so that it can stand alone. */
    List<String> lines() {
        return sections.stream()
                .flatMap(section -> section.lines.stream().map(line -> section.title + " : " + line))
                .toList();
    }

    /**
     * Returns a text as one line that every format can hold. Replaces control characters, line separators, lone
     * surrogates and noncharacters with spaces, and collapses spaces.
     */
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

    private static void add(List<Section> sections, String titleKey, Stream<String> text) {
        List<String> lines = text.toList();
        if (!lines.isEmpty()) {
            sections.add(new Section(TEXTS.getString(titleKey), lines));
        }
    }

    private static String text(String key, Object... values) {
        return String.format(Locale.FRENCH, TEXTS.getString(key), values);
    }
}
