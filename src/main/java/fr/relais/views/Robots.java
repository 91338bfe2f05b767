package fr.relais.views;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ua_parser.Parser;

/** Tells robots from people by what they say they are. The list is that of the ua-parser project. */
public final class Robots {

    /** Nobody calls themselves so at length but to keep us busy. */
    private static final int LONGEST_AGENT = 1_000;

    /** To compare an agent with the whole list takes long, and most visitors share a few agents. */
    private final LoadingCache<String, Boolean> known;

    /**
     * @param list a file in the format of uap-core's {@code regexes.yaml}, or empty for the packed one
     * @throws UncheckedIOException when there is no such file
     */
    public Robots(String list) {
        Parser parser = parser(list);
        known = Caffeine.newBuilder()
                .maximumSize(10_000)
                .build(agent -> parser.parseDevice(agent).family.equals("Spider"));
    }

    /** @param agent a {@code User-Agent}, or null when nobody knows it: that is taken for a person's */
    public boolean isRobot(String agent) {
        return agent != null && known.get(agent.substring(0, Math.min(agent.length(), LONGEST_AGENT)));
    }

    private static Parser parser(String list) {
        if (list.isEmpty()) {
            return new Parser();
        }
        try (InputStream file = Files.newInputStream(Path.of(list))) {
            return new Parser(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
