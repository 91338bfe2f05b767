package fr.relais.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class RememberedFenceTest {

    private static final String DATABASE = "a-database";

    @TempDir
    private Path folder;

    private final Logger logger = (Logger) LoggerFactory.getLogger(RememberedFence.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void captureLog() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void releaseLog() {
        logger.detachAppender(log);
    }

    @Test
    void the_largest_fence_of_each_database_is_remembered_by_the_next_process() {
        RememberedFence remembered = new RememberedFence(folder);
        remembered.raise(DATABASE, 7);
        remembered.raise(DATABASE, 6);

        assertThat(new RememberedFence(folder).of(DATABASE)).hasValue(7);
        assertThat(new RememberedFence(folder).of("another-database")).isEmpty();
    }

    @Test
    void a_file_that_cannot_be_replaced_leaves_no_other_file_behind() throws Exception {
        RememberedFence remembered = new RememberedFence(folder);
        Path obstacle = obstacle();

        remembered.raise(DATABASE, 7);
        remembered.raise(DATABASE, 8);

        assertThat(remembered.of(DATABASE)).hasValue(8);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(obstacle);
        }
    }

    @Test
    void each_series_of_failures_is_logged_once() throws Exception {
        RememberedFence remembered = new RememberedFence(folder);
        Path obstacle = obstacle();
        remembered.raise(DATABASE, 7);
        remembered.raise(DATABASE, 8);
        assertThat(log.list).hasSize(1);

        Files.delete(obstacle.resolve("file"));
        Files.delete(obstacle);
        remembered.raise(DATABASE, 9);
        Files.delete(folder.resolve(DATABASE + ".fence"));
        obstacle();
        remembered.raise(DATABASE, 10);

        assertThat(log.list).hasSize(2);
    }

    /** Makes a folder that is not empty where the file belongs. */
    private Path obstacle() throws IOException {
        Path obstacle = Files.createDirectory(folder.resolve(DATABASE + ".fence"));
        Files.writeString(obstacle.resolve("file"), "");
        return obstacle;
    }
}
