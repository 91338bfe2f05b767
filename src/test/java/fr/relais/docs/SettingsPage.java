package fr.relais.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the page of all settings from the comments and defaults in {@code relais.properties}. */
final class SettingsPage {

    private static final Pattern SECTION = Pattern.compile("# --- (.*?) -+");
    private static final Pattern SETTING = Pattern.compile("([^#=]+)=(.*)");
    private static final int COLUMNS = 120;

    private final StringBuilder page = new StringBuilder();
    private final List<String> comment = new ArrayList<>();
    private final List<String> settings = new ArrayList<>();

    private SettingsPage() {}

    static String of(Path properties) throws IOException {
        SettingsPage page = new SettingsPage();
        page.page.append("# Settings\n\n<!-- Generated from relais.properties by ReferenceTest. -->\n\n");
        Files.readAllLines(properties).forEach(page::add);
        page.endEntry();
        return page.page.toString();
    }

    private void add(String line) {
        Matcher section = SECTION.matcher(line);
        Matcher setting = SETTING.matcher(line);
        if (section.matches()) {
            endEntry();
            page.append(page.toString().endsWith("\n\n") ? "## " : "\n## ")
                    .append(section.group(1))
                    .append("\n\n");
        } else if (line.startsWith("#")) {
            if (!settings.isEmpty()) {
                endEntry();
            }
            comment.add(line.substring(1).strip());
        } else if (setting.matches()) {
            settings.add("`" + setting.group(1) + "`" + defaultValue(setting.group(2)));
        } else {
            endEntry();
        }
    }

    private static String defaultValue(String value) {
        return value.isEmpty() ? "" : " (`" + value + "`)";
    }

    /** Settings that share a comment are one entry. The comment at the top of the file has no setting. */
    private void endEntry() {
        String text = String.join(" ", comment);
        if (settings.isEmpty()) {
            page.append(text.isEmpty() ? "" : wrapped(text, "") + "\n");
        } else {
            page.append(wrapped("- " + String.join(", ", settings) + (text.isEmpty() ? "" : ": " + text), "  "));
        }
        comment.clear();
        settings.clear();
    }

    private static String wrapped(String text, String indent) {
        StringBuilder lines = new StringBuilder();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > COLUMNS) {
                lines.append(line).append('\n');
                line.setLength(0);
                line.append(indent).append(word);
            } else {
                line.append(line.isEmpty() ? "" : " ").append(word);
            }
        }
        return lines.append(line).append('\n').toString();
    }
}
