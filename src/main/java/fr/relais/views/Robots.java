package fr.relais.views;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ua_parser.Parser;

/** Tells robots from people by their {@code User-Agent}, with the list of the ua-parser project. */
public final class Robots {

    /** The rest of a longer agent is ignored, since comparing it would take long. */
    private static final int LONGEST_AGENT = 1_000;

    /** Cached, since comparing an agent with the whole list takes long, and most visitors share a few agents. */
    private final LoadingCache<String, Boolean> cache;

    /**
     * @param list a file in the format of uap-core's {@code regexes.yaml}, or empty for the packed one
     * @throws UncheckedIOException when there is no such file
     */
    public Robots(String list) {
        Parser parser = parser(list);
        cache = Caffeine.newBuilder()
                .maximumSize(10_000)
                .build(agent -> parser.parseDevice(agent).family.equals("Spider"));
    }

    /** @param agent a {@code User-Agent}, or null when it is not known: then the view counts as a person's */
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
