package fr.relais.changelog;

import static fr.relais.licence.Mentions.TEXTS;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How the mirror comes about, in French, for the public: what is read, how it is compared, what is excluded or added. It
 * follows from what is in force and from nothing else, so each process that runs the same says the same.
 *
 * @param sections in order, none of them empty
 */
public record Method(List<Section> sections) {

    private static final String INDENT = "  ";

    /**
     * What belongs together.
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

    /**
     * A route file in force.
     *
     * @param name without its folder
     * @param origin {@code packed}, {@code replaced} or {@code added}
     * @param sha256 of its bytes
     */
    public record RouteFile(String name, String origin, String sha256) {}

    /**
     * What a step says of itself.
     *
     * @param route its route's id
     * @param note in French
     * @param isAddition whether {@code transform-offer} leads to it
     */
    public record Step(String route, String note, boolean isAddition) {}

    public Method {
        sections = List.copyOf(sections);
    }

    /**
     * @param version of the software, or null when it is not known
     * @param settings those that shape the mirror, none of them secret, by name in the order in which they are told
     */
    public static Method of(
            String version,
            Map<String, String> settings,
            List<Migration> migrations,
            List<RouteFile> files,
            List<Step> steps) {
        List<Section> sections = new ArrayList<>();
        add(
                sections,
                "changelog.software",
                List.of(text(
                        "changelog.software.version",
                        version == null ? TEXTS.getString("changelog.software.unreleased") : version)));
        add(
                sections,
                "changelog.settings",
                settings.entrySet().stream()
                        .map(setting -> text(
                                "changelog.setting",
                                TEXTS.getString("changelog.setting." + setting.getKey()),
                                setting.getValue(),
                                setting.getKey()))
                        .toList());
        add(
                sections,
                "changelog.steps",
                steps.stream()
                        .map(step -> text("changelog.step", step.route(), step.note()))
                        .toList());
        List<String> additions = steps.stream()
                .filter(Step::isAddition)
                .map(step -> text("changelog.step", step.route(), step.note()))
                .toList();
        List<String> added = new ArrayList<>();
        added.add(TEXTS.getString(additions.isEmpty() ? "changelog.additions.none" : "changelog.additions.some"));
        added.addAll(additions);
        add(sections, "changelog.additions", added);
        add(
                sections,
                "changelog.files",
                files.stream()
                        .map(file -> text(
                                "changelog.file",
                                file.name(),
                                TEXTS.getString("changelog.file." + file.origin()),
                                file.sha256()))
                        .toList());
        add(
                sections,
                "changelog.migrations",
                migrations.stream()
                        .map(migration -> text(
                                "changelog.migration",
                                migration.version(),
                                migration.description(),
                                migration.checksum()))
                        .toList());
        return new Method(sections);
    }

    /** What {@link #text} has written. */
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

    /** Of the text in UTF-8, in hexadecimal. */
    public String sha256() {
        return sha256(text());
    }

    /** Each line with its section before it, so that it can stand alone. */
    List<String> lines() {
        return sections.stream()
                .flatMap(section -> section.lines.stream().map(line -> section.title + " : " + line))
                .toList();
    }

    static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** In hexadecimal. */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** One line that every format can hold: what is no character, or only controls, becomes a space, and spaces one space. */
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

    private static void add(List<Section> sections, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            sections.add(new Section(TEXTS.getString(title), lines));
        }
    }

    private static String text(String key, Object... values) {
        return String.format(Locale.FRENCH, TEXTS.getString(key), values);
    }
}
