package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class LogCheckTest {

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Map<Logger, Level> levels = new HashMap<>();

    /** Removes the level of the driver's messages, so that each test sets it. */
    @BeforeEach
    void start() {
        level("org.mariadb.jdbc.message.server", null);
    }

    @AfterEach
    void stop() {
        levels.forEach(Logger::setLevel);
    }

    @Test
    void the_levels_of_the_application_are_accepted_whatever_the_level_of_its_root_logger_is() {
        try (CapturedLog log = CapturedLog.ofApplication(Level.TRACE)) {
            assertThatCode(LogCheck::require).doesNotThrowAnyException();
            assertThat(log.all()).isEmpty();
        }
    }

    @Test
    void the_levels_that_the_refusal_names_are_accepted() {
        level(Logger.ROOT_LOGGER_NAME, Level.TRACE);

        LogCheck.LIBRARIES.forEach(library -> level(library.name(), Level.toLevel(library.quiet())));

        assertThatCode(LogCheck::require).doesNotThrowAnyException();
    }

    /** Without a configuration, Logback logs at level DEBUG. */
    @ParameterizedTest
    @CsvSource({"WARN, 1", "INFO, 1", "DEBUG, 5", "TRACE, 7"})
    void all_loggers_that_write_too_much_are_named_in_one_message(String level, int number) {
        level(Logger.ROOT_LOGGER_NAME, Level.toLevel(level));

        assertThatThrownBy(LogCheck::require).isInstanceOfSatisfying(LogCheck.LoudLoggers.class, refusal -> assertThat(
                        refusal.remedy())
                .contains("org.mariadb.jdbc.message.server=off", "logging.level.NAME=LEVEL")
                .satisfies(remedy -> assertThat(remedy.split("=(info|off)[,.]")).hasSize(number + 1)));
    }

    @Test
    void a_logger_with_a_level_of_its_own_is_named() {
        level("org.mariadb.jdbc.message.server", Level.OFF);
        level("org.apache.camel.component.bean.MethodInfo", Level.TRACE);
        level("org.apache.hc.client5.http.wire", Level.DEBUG);

        assertThatThrownBy(LogCheck::require)
                .isInstanceOfSatisfying(LogCheck.LoudLoggers.class, refusal -> assertThat(refusal.remedy())
                        .startsWith("Set these levels: org.apache.camel.component.bean.MethodInfo=info,"
                                + " org.apache.hc.client5.http.wire=info. "));
    }

    private void level(String name, Level level) {
        Logger logger = context.getLogger(name);
        levels.putIfAbsent(logger, logger.getLevel());
        logger.setLevel(level);
    }
}
