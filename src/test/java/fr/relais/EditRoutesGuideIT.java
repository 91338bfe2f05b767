package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import fr.relais.docs.Guide;
import fr.relais.simulator.Answer;
import fr.relais.simulator.Call;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SettableClock;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tasks of {@code src/docs/guide/edit-routes.md}, each done with the text of the guide and tried. */
@Tag("long")
class EditRoutesGuideIT {

    @TempDir
    private Path folder;

    private final Map<String, String> addresses = new HashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private Guide guide;
    private SourceSimulator source;
    private Mirror mirror;
    private HttpServer http;

    @BeforeEach
    void start() throws Exception {
        guide = Guide.read(Path.of("src", "docs", "guide", "edit-routes.md"));
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1)
                .fill(source.base(), 20, Instant.now().minus(Duration.ofDays(2)), Duration.ofDays(30), "1");
        mirror = Mirror.of(source).with("relais.routes", folder.toString());
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", exchange -> {
            calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        http.start();
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
        http.stop(0);
    }

    @Test
    void change_the_schedule() throws Exception {
        follow("I want to change the schedule");

        assertThat(mirror.camel().getRoute("relais-sweep-by-schedule").getEndpoint())
                .isInstanceOfSatisfying(QuartzEndpoint.class, endpoint -> assertThat(endpoint.getCron())
                        .isEqualTo("0 30 2,8,14,20 * * ?"));
    }

    @Test
    void alerts_by_mail() throws Exception {
        GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp"));
        mail.start();
        mirror.with("relais.report.uri", "smtp://127.0.0.1:" + mail.getSmtp().getPort());
        follow("I want alerts by mail");

        refuseTheAccount();

        assertThat(mail.getReceivedMessages()).hasSize(2).allSatisfy(message -> {
            assertThat(message.getSubject()).startsWith("[Relais] critical: No access to the source");
            assertThat(message.getContent().toString()).contains("account");
        });
        mail.stop();
    }

    @Test
    void alerts_in_a_chat() throws Exception {
        addresses.put("chat.example.org", "127.0.0.1:" + http.getAddress().getPort());
        follow("I want alerts in a chat");

        refuseTheAccount();

        assertThat(calls)
                .singleElement()
                .asString()
                .startsWith("POST /hooks/relais {\"text\":\"")
                .contains("account");
    }

    @Test
    void the_changelog_on_an_sftp_server() throws Exception {
        KeyPair user = KeyUtils.generateKeyPair("ssh-rsa", 2048);
        KeyPair host = KeyUtils.generateKeyPair("ssh-rsa", 2048);
        Path remote = Files.createDirectories(folder.resolve("remote"));
        Path key = folder.resolve("key");
        try (OutputStream file = Files.newOutputStream(key);
                SshServer sftp = SshServer.setUpDefaultServer()) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(user, "", null, file);
            sftp.setHost("127.0.0.1");
            sftp.setKeyPairProvider(KeyPairProvider.wrap(host));
            sftp.setPublickeyAuthenticator((name, offered, session) ->
                    name.equals("publisher") && KeyUtils.compareKeys(offered, user.getPublic()));
            sftp.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
            sftp.setFileSystemFactory(new VirtualFileSystemFactory(remote));
            sftp.start();
            Path knownHosts = Files.writeString(
                    folder.resolve("hosts"),
                    "[127.0.0.1]:" + sftp.getPort() + " " + PublicKeyEntry.toString(host.getPublic()) + "\n");
            addresses.put("files.example.org:22", "127.0.0.1:" + sftp.getPort());
            addresses.put("=id_ed25519", "=" + key);
            addresses.put("=known_hosts", "=" + knownHosts);
            follow("I want the changelog on an SFTP server");

            mirror.sweep();

            assertThat(remote.resolve("changelog"))
                    .isDirectoryContaining("glob:**/modifications.csv")
                    .isDirectoryContaining("glob:**/modifications.json")
                    .isDirectoryContaining("glob:**/modifications.atom");
        }
    }

    @Test
    void a_copy_of_the_report_in_a_folder() throws Exception {
        GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp"));
        mail.start();
        Path reports = folder.resolve("reports");
        addresses.put("file:reports", "file:" + reports);
        mirror.with("relais.report.from", "relais@example.org")
                .with("relais.report.uri", "smtp://127.0.0.1:" + mail.getSmtp().getPort());
        SettableClock clock = new SettableClock(Instant.parse("2026-11-10T11:00:00Z"));
        follow("I want a copy of the report in a folder", clock);
        mirror.sweep();
        mirror.camel()
                .createProducerTemplate()
                .sendBody(
                        "direct:relais-take-views",
                        "{\"offerId\":\"" + mirror.offers().keySet().iterator().next()
                                + "\",\"at\":\"2026-11-10T10:00:00Z\"}");

        clock.advance(Duration.ofDays(25));
        mirror.camel().createProducerTemplate().sendBody("direct:relais-report", null);

        assertThat(reports.resolve("consultations-2026-11.csv"))
                .content()
                .startsWith("mois;perimetre;identifiant_offre;consultations");
        assertThat(mail.getReceivedMessages()).hasSize(1);
        mail.stop();
    }

    @Test
    void data_derived_from_offers() throws Exception {
        follow("I want to add data that I derive from offers");

        mirror.sweep();

        assertThat(count("title_length where characters > 0")).isEqualTo(20);
        source.base().remove(mirror.offers().keySet().iterator().next());
        mirror.sweep();
        assertThat(count("title_length")).isEqualTo(19);
    }

    @Test
    void a_search_index_is_kept_in_step() throws Exception {
        addresses.put("search.example.org", "127.0.0.1:" + http.getAddress().getPort());
        follow("I want to keep a search index in step");
        mirror.sweep();
        Map<String, String> offers = mirror.offers();
        List<String> ids = List.copyOf(offers.keySet());
        source.base().remove(ids.get(0));
        source.base().change(ids.get(1), new OfferGenerator(2)::change);

        mirror.sweep();
        mirror.deliverEvents();

        String changed = mirror.offers().get(ids.get(1));
        assertThat(changed).isNotEqualTo(offers.get(ids.get(1)));
        assertThat(calls)
                .containsExactly("PUT /offers/" + ids.get(1) + " " + changed, "DELETE /offers/" + ids.get(0) + " ");
        calls.clear();

        mirror.relais().replayEvents();
        mirror.deliverEvents();

        assertThat(calls)
                .hasSize(20)
                .startsWith("DELETE /offers ")
                .allMatch(call -> calls.indexOf(call) == 0 || call.startsWith("PUT /offers/"));
    }

    @Test
    void another_retry_policy() throws Exception {
        addresses.put("relais.source.retry-delay=250", "relais.source.retry-delay=1");
        List<Integer> refused = new CopyOnWriteArrayList<>();
        source.onCall((exchange, call) -> {
            // More often than the packed policy retries.
            if (call.kind() == Call.Kind.SEARCH && refused.size() < 7) {
                refused.add(1);
                Answer.empty(503).sendTo(exchange);
                return true;
            }
            return false;
        });
        follow("I want another retry policy");

        assertThat(mirror.sweep().created()).isEqualTo(20);
        assertThat(refused).hasSize(7);
    }

    @Test
    void views_from_another_system() throws Exception {
        Path views = Files.createDirectory(folder.resolve("site"));
        addresses.put("/srv/site/views", views.toString());
        follow("I want to receive views from another system");
        mirror.sweep();
        String id = mirror.offers().keySet().iterator().next();
        Files.writeString(
                views.resolve("a.json"),
                "[{\"offerId\":\"" + id + "\",\"at\":\"" + Instant.now() + "\",\"key\":\"1\"}]");

        mirror.camel().getRouteController().startRoute("views-from-site");

        await().atMost(Duration.ofSeconds(30)).until(() -> count("view_count where views = 1") == 1);
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.notExists(views.resolve("a.json")));
    }

    @Test
    void partners_offers_too() throws Exception {
        new OfferGenerator(2).fill(source.base(), 5, Instant.now().minus(Duration.ofDays(2)), Duration.ofDays(30), "2");
        follow("I want to mirror partners' offers too");

        mirror.sweep();

        assertThat(mirror.offers()).isEqualTo(Mirror.offers(source, "1", "2")).hasSize(25);
    }

    @Test
    void every_task_of_the_guide_is_tried() {
        assertThat(guide.blocks()
                        .map(Guide.Block::section)
                        .filter(section -> section.startsWith("I want"))
                        .distinct())
                .hasSize(10);
    }

    private void follow(String task) throws Exception {
        follow(task, Clock.systemUTC());
    }

    /** Does what the guide says, with the addresses of this test, and starts. */
    private void follow(String task, Clock clock) throws Exception {
        for (Guide.Block block : guide.blocks(task, "properties")) {
            Properties settings = new Properties();
            settings.load(new StringReader(here(block.code())));
            settings.forEach((name, value) -> mirror.with(name.toString(), value.toString()));
        }
        for (Guide.Block block : guide.blocks(task, "sql")) {
            mirror.with("relais.routes", "").start().stop();
            mirror.jdbc.sql(block.code()).update();
            mirror.with("relais.routes", folder.toString());
        }
        for (Guide.Block block : guide.blocks(task, "yaml")) {
            Files.writeString(folder.resolve(Path.of(block.file()).getFileName()), here(block.code()));
        }
        for (Guide.Block block : guide.blocks(task, "diff")) {
            change(block.code());
        }
        mirror.start(clock);
    }

    /** Applies a difference to a copy of the one packed file that it fits. */
    private void change(String difference) throws IOException {
        String before = difference.replaceAll("(?m)^\\+.*\\n", "").replaceAll("(?m)^.", "");
        String after = difference.replaceAll("(?m)^-.*\\n", "").replaceAll("(?m)^.", "");
        try (var files = Files.list(Path.of("routes"))) {
            List<Path> fitting =
                    files.filter(file -> read(file).contains(before)).toList();
            assertThat(fitting).as("files with\n%s", before).hasSize(1);
            Files.writeString(
                    folder.resolve(fitting.get(0).getFileName()),
                    here(read(fitting.get(0)).replace(before, after)));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String here(String text) {
        String local = text;
        for (Map.Entry<String, String> address : addresses.entrySet()) {
            local = local.replace(address.getKey(), address.getValue());
        }
        return local;
    }

    private void refuseTheAccount() {
        source.onCall((exchange, call) -> {
            Answer.empty(403).sendTo(exchange);
            return true;
        });
        mirror.sweep();
        mirror.watch();
    }

    private long count(String rows) {
        return mirror.jdbc.sql("select count(*) from " + rows).query(Long.class).single();
    }
}
