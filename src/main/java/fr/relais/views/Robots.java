package fr.relais.views;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ua_parser.CachingParser;
import ua_parser.Parser;

/** Tells robots from people by what they say they are. The list is that of the ua-parser project. */
public final class Robots {

    private final Parser parser;

    /**
     * @param list a file in the format of uap-core's {@code regexes.yaml}, or empty for the packed one
     * @throws IllegalArgumentException when there is no such list
     */
    public Robots(String list) {
        if (list.isEmpty()) {
            parser = new CachingParser();
            return;
        }
        try (InputStream file = Files.newInputStream(Path.of(list))) {
            parser = new CachingParser(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param agent a {@code User-Agent}, or null when nobody knows it: that is taken for a person's */
    public boolean isRobot(String agent) {
        return agent != null && parser.parseDevice(agent).family.equals("Spider");
    }
}
