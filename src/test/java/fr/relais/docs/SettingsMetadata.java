package fr.relais.docs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes the metadata by which editors complete the settings in a Spring Boot host, from {@code relais.properties}. */
final class SettingsMetadata {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private SettingsMetadata() {}

    static String of(Path properties) throws IOException {
        ObjectNode metadata = JSON.createObjectNode();
        ArrayNode settings = metadata.putArray("properties");
        add(settings, "relais.enabled", "Whether to add the pipeline to the application's Camel context.", "true");
        add(
                settings,
                "relais.datasource",
                "The name of the bean that is the DataSource for Relais; empty = the only one.",
                "");
        StringBuilder comment = new StringBuilder();
        boolean isEnded = false;
        for (String line : Files.readAllLines(properties)) {
            if (line.startsWith("#")) {
                if (isEnded || line.startsWith("# ---")) {
                    comment.setLength(0);
                }
                isEnded = line.startsWith("# ---");
                if (!isEnded) {
                    comment.append(comment.isEmpty() ? "" : " ")
                            .append(line.substring(1).strip());
                }
            } else if (line.contains("=")) {
                // Settings that share a comment follow each other.
                isEnded = true;
                String[] setting = line.split("=", 2);
                add(settings, setting[0], comment.toString(), setting[1]);
            } else {
                isEnded = true;
            }
        }
        return JSON.writeValueAsString(metadata) + "\n";
    }

    private static void add(ArrayNode settings, String name, String description, String defaultValue) {
        ObjectNode setting = settings.addObject();
        setting.put("name", name)
                .put("type", defaultValue.matches("true|false") ? "java.lang.Boolean" : "java.lang.String")
                .put("description", description);
        if (!defaultValue.isEmpty()) {
            setting.put("defaultValue", defaultValue);
        }
    }
}
