package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;

import com.jcraft.jsch.JSch;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.camel.component.file.FileComponent;
import org.apache.camel.component.file.remote.RemoteFileComponent;
import org.apache.camel.component.file.remote.SftpComponent;
import org.apache.camel.support.DefaultComponent;
import org.apache.commons.net.ftp.FTPClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Camel components that are added to the packed {@code relais-exec.jar}. */
@Tag("long")
class ComponentIT {

    @TempDir
    private Path folder;

    @Test
    void a_component_can_be_used_once_its_jars_are_in_the_folder_components() throws Exception {
        try (SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults())) {
            source.base().putRaw("A1", Instant.now().minusSeconds(60), "1", "{\"id\":\"A1\"}".getBytes());
            Packed packed = new Packed(folder, source)
                    .with(
                            "RELAIS_CHANGELOG_URI",
                            "sftp:nobody@127.0.0.1:" + unusedPort() + "/changelog?password=s3cr3t");

            Packed.Ended without = packed.runJar("sync");

            assertThat(without.exitCode()).as(without.output()).isEqualTo(1);
            assertThat(without.output())
                    .contains(
                            "Setting relais.changelog.uri",
                            "no component \"sftp\"",
                            "camel-ftp-4.",
                            "folder components")
                    .doesNotContain("\tat ", "s3cr3t");

            Path components = Files.createDirectory(folder.resolve("work").resolve("components"));
            copy(SftpComponent.class, components);
            Packed.Ended incomplete = packed.runJar("sync");

            assertThat(incomplete.exitCode()).as(incomplete.output()).isEqualTo(1);
            assertThat(incomplete.output())
                    .contains("Setting relais.changelog.uri", "\"sftp\" cannot be used", "RemoteFileComponent")
                    .doesNotContain("\tat ");

            // relais-exec.jar has some of these jars already, as when an operator copies all dependencies.
            for (Class<?> type : List.of(
                    RemoteFileComponent.class,
                    JSch.class,
                    FTPClient.class,
                    FileComponent.class,
                    DefaultComponent.class)) {
                copy(type, components);
            }
            Packed.Ended with = packed.runJar("sync");

            assertThat(with.exitCode()).as(with.output()).isZero();
            assertThat(with.output())
                    .contains("Sweep 1 proved: 1 created", "The changelog could not be published", "ConnectException")
                    .doesNotContain("component", "s3cr3t");
        }
    }

    private static void copy(Class<?> type, Path folder) throws IOException, URISyntaxException {
        Path jar =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        Files.copy(jar, folder.resolve(jar.getFileName()));
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
