package fr.relais;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.Yaml;

/** Everything that is logged until it is closed. Meanwhile, nothing is logged to the console. */
public final class CapturedLog implements AutoCloseable {

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Appender<ILoggingEvent> console = root.getAppender("STDOUT");
    private final Map<Logger, Level> levels = new HashMap<>();
    private final List<String> all = new CopyOnWriteArrayList<>();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final Appender<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            String line = event.getLevel() + " " + event.getLoggerName() + " " + event.getFormattedMessage()
                    + (event.getThrowableProxy() == null
                            ? ""
                            : "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy()));
            all.add(line);
            if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
                warnings.add(line);
            }
        }
    };

    private CapturedLog() {
        root.detachAppender(console);
        appender.setContext(context);
        appender.start();
        root.addAppender(appender);
    }

    /** Captures the log with the application's log levels, but with another level of the root logger. */
    public static CapturedLog ofApplication(Level level) {
        CapturedLog log = new CapturedLog();
        log.setLevel(log.root, level);
        pinnedLevels().forEach((name, pinned) -> log.setLevel(log.context.getLogger(name), Level.toLevel(pinned)));
        return log;
    }

    /** Captures the log of a host, which does not have the application's log levels. */
    public static CapturedLog ofHost() {
        return new CapturedLog();
    }

    /** Captures the log of a host that has configured only the level of the root logger. */
    static CapturedLog ofHost(Level level) {
        CapturedLog log = new CapturedLog();
        log.setLevel(log.root, level);
        log.setLevel(log.context.getLogger("org.mariadb.jdbc.message.server"), null);
        return log;
    }

    /** Returns the log levels that the application sets whatever its root level is. */
    static Map<String, String> pinnedLevels() {
        try (InputStream file = CapturedLog.class.getResourceAsStream("/application.yaml")) {
            Map<String, Map<String, Map<String, String>>> settings = new Yaml().load(file);
            Map<String, String> levels = new HashMap<>(settings.get("logging").get("level"));
            levels.remove("root");
            return levels;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void setLevel(Logger logger, Level level) {
        if (!levels.containsKey(logger)) {
            levels.put(logger, logger.getLevel());
        }
        logger.setLevel(level);
    }

    /** Changes a level until the log is closed. */
    void setLevel(String name, Level level) {
        setLevel(context.getLogger(name), level);
    }

    /** Returns what was logged, each event with its stack trace. */
    public List<String> all() {
        return all;
    }

    /** Returns what was logged at level WARN or above. */
    public List<String> warnings() {
        return warnings;
    }

    /** Forgets what was logged. */
    public void clear() {
        all.clear();
        warnings.clear();
    }

    @Override
    public void close() {
        levels.forEach(Logger::setLevel);
        root.detachAppender(appender);
        root.addAppender(console);
    }
}
