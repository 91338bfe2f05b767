package fr.relais.views;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ua_parser.Parser;

/** Distinguishes robots from people by the {@code User-Agent}, with the list of the ua-parser project. */
public final class Robots {

    /** The rest of a longer agent is ignored, because matching it would take long. */
    private static final int LONGEST_AGENT = 1_000;

    /** Matching an agent against the whole list takes long, and most visitors share a few agents. */
    private final LoadingCache<String, Boolean> cache;

    /**
     * @param list a file in the format of uap-core's {@code regexes.yaml}, or empty for the packed list
     * @throws UncheckedIOException when the file cannot be read
     */
    public Robots(String list) {
        Parser parser = parser(list);
        cache = Caffeine.newBuilder()
                .maximumSize(10_000)
                .build(agent -> parser.parseDevice(agent).family.equals("Spider"));
    }

    /**
     * Returns whether an agent is a robot.
     *
     * @param agent a {@code User-Agent}; null when unknown, which counts as a person
     */
    public boolean isRobot(String agent) {
        return agent != null && cache.get(agent.substring(0, Math.min(agent.length(), LONGEST_AGENT)));
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
