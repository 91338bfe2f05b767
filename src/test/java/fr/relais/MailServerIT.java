package fr.relais;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The monthly report, sent through a real mail server (aiosmtpd) and read by Python, both independent of Java. */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class MailServerIT {

    /**
     * A Python script that prints a mail's id, recipients and subject, and the name and content of the attached file.
     */
    private static final String READ = """
            import email, email.policy, sys
            mail = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
            file = next(mail.iter_attachments())
            sys.stdout.buffer.write(('%s\\n%s\\n%s\\n%s\\n' % (
                mail['Message-ID'], mail['To'], mail['Subject'], file.get_filename())).encode())
            sys.stdout.buffer.write(file.get_payload(decode=True))
            """;

    @TempDir
    private Path folder;

    @Test
    void the_mail_contains_the_exact_file_and_a_resend_is_identical() throws Exception {
        requireServer();
        Path mailbox = folder.resolve("mailbox");
        int port = unusedPort();
        Process server = new ProcessBuilder(
                        "aiosmtpd",
                        "-n",
                        "-l",
                        "127.0.0.1:" + port,
                        "-c",
                        "aiosmtpd.handlers.Mailbox",
                        mailbox.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile())
                .start();
        try (SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults())) {
            await().until(() -> listens(port));
            Packed packed = new Packed(folder, source)
                    .with("SPRING_MAIL_HOST", "127.0.0.1")
                    .with("SPRING_MAIL_PORT", Integer.toString(port))
                    .with("RELAIS_REPORT_FROM", "relais@example.org")
                    .with("RELAIS_REPORT_TO", "apioffres@example.net")
                    .with("RELAIS_REPORT_LICENSEE", "Société d’été");
            String month = countLastMonth(source, packed);
            Packed.Ended csv = packed.run("report", month);
            assertThat(csv.output().lines()).hasSize(2 + 2_000);

            Packed.Ended sent = packed.run("report", month, "--send");
            assertThat(sent.exitCode()).as(sent.output()).isZero();
            assertThat(sent.output()).contains("accepted: ", "the mail server said: 250");
            assertThat(packed.run("report", month, "--send").exitCode()).isZero();
            assertThat(mails(mailbox)).hasSize(1);
            assertThat(packed.run("report", month, "--resend").exitCode()).isZero();
            List<Path> mails = mails(mailbox);
            assertThat(mails).hasSize(2);
            assertThat(asSent(mails.get(0))).isEqualTo(asSent(mails.get(1)));

            String[] read = read(mails.get(0)).split("\n", 5);
            assertThat(read[0]).matches("<relais\\." + month + "\\.[0-9a-f]{16}@example\\.org>");
            assertThat(read[1]).isEqualTo("apioffres@example.net");
            assertThat(read[2]).startsWith("Consultations des offres : ").endsWith("(Société d’été)");
            assertThat(read[3]).isEqualTo("consultations-" + month + ".csv");
            assertThat(read[4]).isEqualTo(csv.output());
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    /** Fails in CI when the mail server is not installed; elsewhere skips the test. */
    private static void requireServer() throws Exception {
        boolean there =
                new ProcessBuilder("sh", "-c", "command -v aiosmtpd").start().waitFor() == 0;
        if (!there && "true".equals(System.getenv("CI"))) {
            throw new AssertionError("install python3-aiosmtpd");
        }
        assumeTrue(there, "python3-aiosmtpd is not installed");
    }

    private static String countLastMonth(SourceSimulator source, Packed packed) throws Exception {
        YearMonth month = YearMonth.now(ZoneId.of("Europe/Paris")).minusMonths(1);
        try (Mirror mirror = Mirror.of(source, packed.environment.get("SPRING_DATASOURCE_URL"), "root")
                .start()) {
            mirror.jdbc
                    .sql("insert into monthly_report (month, state, opened_at) values (:month, 'open', :month)")
                    .param("month", month.atDay(1).toString())
                    .update();
            mirror.jdbc
                    .sql("insert into view_count (month, offer_id, views)"
                            + " select :month, concat('OFFER', seq), seq from seq_1_to_2000")
                    .param("month", month.atDay(1).toString())
                    .update();
        }
        return month.toString();
    }

    private static List<Path> mails(Path mailbox) throws IOException {
        try (Stream<Path> files = Files.list(mailbox.resolve("new"))) {
            return files.sorted().toList();
        }
    }

    /**
     * Returns the mail, one character for each byte, without the header in which this server names the sender's port.
     */
    private static String asSent(Path mail) throws IOException {
        return Files.readString(mail, ISO_8859_1).replaceFirst("(?m)^X-Peer: .*\\R", "");
    }

    private String read(Path mail) throws Exception {
        Path file = folder.resolve("read.txt");
        Process python = new ProcessBuilder("python3", "-c", READ, mail.toString())
                .redirectOutput(file.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(python.waitFor()).isZero();
        return Files.readString(file, UTF_8);
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
