package fr.relais.wipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files that Relais has published, sent or received, in the folders of its settings. */
public final class WipedFiles {

    private static final String CHANGELOG = "modifications\\.(csv|json|atom)";

    private final List<Folder> folders = new ArrayList<>();
    private final List<String> remote = new ArrayList<>();

    /** The files in a folder whose names match. Other files in the folder belong to somebody else. */
    private record Folder(Path path, Pattern names) {

        Stream<Path> files() throws IOException {
            if (!Files.isDirectory(path)) {
                return Stream.empty();
            }
            try (Stream<Path> all = Files.list(path)) {
                return all
                        .filter(file ->
                                names.matcher(file.getFileName().toString()).matches())
                        .sorted()
                        .toList()
                        .stream();
            }
        }
    }

    /**
     * @param changelogUri the endpoint to which the changelog is published
     * @param eventsUri the endpoint to which events are sent; may be empty
     * @param viewsFolder the folder of view files; may be empty
     */
    public WipedFiles(String changelogUri, String eventsUri, String viewsFolder) {
        add("relais.changelog.uri", changelogUri, "\\.?" + CHANGELOG);
        add("relais.events.uri", eventsUri, "\\d{12,}\\.json");
        add(
                "relais.views.folder",
                viewsFolder.isEmpty() ? "" : "file:" + viewsFolder,
                ".+\\.(csv|ndjson)(\\.rejected)?");
    }

    private void add(String setting, String uri, String names) {
        if (uri.startsWith("file:")) {
            folders.add(new Folder(
                    Path.of(uri.replaceFirst("^file:(//)?", "").replaceFirst("\\?.*", "")), Pattern.compile(names)));
        } else if (!uri.isEmpty()) {
            remote.add(setting);
        }
    }

    /**
     * Returns the files that are there.
     *
     * @throws IOException when a folder cannot be read
     */
    public List<Path> find() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Folder folder : folders) {
            folder.files().forEach(files::add);
        }
        return files;
    }

    /** Returns whether a file is published for everybody. */
    static boolean isPublished(Path file) {
        return file.getFileName().toString().matches(CHANGELOG);
    }

    /** Returns whether a file is kept for a short time only. */
    static boolean isTemporary(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(".") || name.matches(".+\\.(csv|ndjson)(\\.rejected)?") && !isPublished(file);
    }

    /** Returns the settings whose endpoints are elsewhere, so that their copies cannot be deleted from here. */
    List<String> remote() {
        return remote;
    }
}
