package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import fr.relais.settings.Settings;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.export.SslMode;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.yaml.snakeyaml.Yaml;

/** The Kubernetes objects that {@code kubectl kustomize} renders from {@code k8s/base} and {@code k8s/monitoring}. */
class KustomizeTest {

    private static final Path BASE = Path.of("k8s", "base");
    private static final Path MONITORING = Path.of("k8s", "monitoring");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Map<String, JsonNode> rendered;
    private static Map<String, JsonNode> withMonitoring;

    @BeforeAll
    static void render(@TempDir Path folder) throws Exception {
        if (!hasKubectl()) {
            assertThat(System.getenv("CI"))
                    .as("CI, which requires kubectl on the PATH")
                    .isNotEqualTo("true");
            return;
        }
        rendered = render(BASE, folder);
        withMonitoring = render(MONITORING, folder);
    }

    private static Map<String, JsonNode> render(Path base, Path folder) throws Exception {
        File errors = folder.resolve("errors").toFile();
        Process kubectl = new ProcessBuilder("kubectl", "kustomize", base.toString())
                .redirectError(errors)
                .start();
        String yaml = new String(kubectl.getInputStream().readAllBytes(), UTF_8);
        assertThat(kubectl.waitFor()).as(Files.readString(errors.toPath())).isZero();
        return objects(yaml)
                .collect(Collectors.toMap(object -> object.path("kind").asText(), Function.identity()));
    }

    /** Skips each test separately, so that each is counted as skipped. */
    @BeforeEach
    void skipWithoutKubectl() {
        assumeTrue(rendered != null, "kubectl is not on the PATH");
    }

    @Test
    void the_base_renders_only_the_objects_of_the_guide() {
        assertThat(rendered)
                .containsOnlyKeys("Deployment", "Service", "ConfigMap", "NetworkPolicy", "PersistentVolumeClaim");
    }

    @Test
    void the_base_contains_no_secret() throws IOException {
        Map<String, String> secrets = strings(secretExample().path("stringData"));

        assertThat(secrets)
                .containsOnlyKeys(
                        "RELAIS_CONSOLE_PASSWORD",
                        "RELAIS_SOURCE_CLIENT_ID",
                        "RELAIS_SOURCE_CLIENT_SECRET",
                        "SPRING_DATASOURCE_PASSWORD",
                        "SPRING_MAIL_PASSWORD");
        assertThat(secrets.values()).allMatch(value -> value.matches("<.+>"), "is a placeholder");
        assertThat(rendered.toString()).doesNotContain(secrets.keySet());
        assertThat(rendered.toString()).doesNotContainPattern("(?i)password|passwd|://[^/]*@");
    }

    @Test
    void settings_come_from_the_config_map_and_secrets_from_the_secret() throws IOException {
        assertThat(secretExample().at("/metadata/name").asText()).isEqualTo("relais-secret");
        assertThat(container().path("envFrom").findValuesAsText("name"))
                .containsExactly(rendered.get("ConfigMap").at("/metadata/name").asText(), "relais-secret");
    }

    @Test
    void the_config_map_has_only_known_settings_with_valid_values() {
        Map<String, String> names = Settings.names().stream()
                .collect(Collectors.toMap(KustomizeTest::environmentVariable, Function.identity()));
        Map<String, String> given = relaisVariables();

        assertThat(names).containsKeys(given.keySet().toArray(String[]::new));
        Map<String, String> settings = new HashMap<>();
        given.forEach((variable, value) -> settings.put(names.get(variable), value));
        settings.put("relais.source.client-id", "an id");
        settings.put("relais.source.client-secret", "a secret");
        assertThatCode(() -> Settings.of(settings)).doesNotThrowAnyException();
    }

    @Test
    void the_container_needs_no_privileges() {
        JsonNode pod = pod();
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/runAsUser").asInt()).isPositive();
        assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        JsonNode context = container().path("securityContext");
        assertThat(context.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(context.at("/capabilities/drop").toString()).isEqualTo("[\"ALL\"]");
        assertThat(context.at("/capabilities").has("add")).isFalse();
    }

    @Test
    void the_container_can_write_only_to_its_temporary_folder_and_to_the_volume_of_its_state() {
        assertThat(container().at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        assertThat(container().path("volumeMounts"))
                .filteredOn(mount -> !mount.path("readOnly").asBoolean())
                .extracting(mount -> mount.path("mountPath").asText())
                .containsExactly("/tmp", "/relais/state");
        assertThat(pod().at("/volumes/0/emptyDir/sizeLimit").asText()).isEqualTo("256Mi");
        assertThat(pod().path("volumes").findValuesAsText("claimName"))
                .containsExactly(rendered.get("PersistentVolumeClaim")
                        .at("/metadata/name")
                        .asText());
        assertThat(pod().at("/securityContext/fsGroup").asInt()).isPositive();
    }

    @Test
    void the_process_ends_when_its_memory_is_exhausted() {
        assertThat(container().path("env"))
                .filteredOn(variable -> variable.path("name").asText().equals("JAVA_TOOL_OPTIONS"))
                .singleElement()
                .satisfies(variable ->
                        assertThat(variable.path("value").asText().split(" ")).contains("-XX:+ExitOnOutOfMemoryError"));
    }

    @Test
    void the_grace_period_is_longer_than_the_shutdown_timeouts_of_camel_and_of_the_web_server() throws IOException {
        JsonNode application = objects(Files.readString(Path.of("src", "main", "resources", "application.yaml")))
                .findFirst()
                .orElseThrow();
        Duration camel = Duration.ofSeconds(
                application.at("/camel/main/shutdown-timeout").asLong(Long.MAX_VALUE));
        Duration webServer = DurationStyle.detectAndParse(
                application.at("/spring/lifecycle/timeout-per-shutdown-phase").asText("0"));

        assertThat(application.at("/server/shutdown").asText()).isEqualTo("graceful");
        assertThat(webServer).isPositive();
        // The rest is for threads and connections, which are closed last.
        assertThat(Duration.ofSeconds(
                        pod().path("terminationGracePeriodSeconds").asLong()))
                .isGreaterThanOrEqualTo(camel.plus(webServer).plusSeconds(10));
    }

    @Test
    void the_startup_probe_lets_a_migration_take_a_day() {
        JsonNode probe = container().path("startupProbe");
        assertThat(Duration.ofSeconds(probe.path("periodSeconds").asLong()
                        * probe.path("failureThreshold").asLong()))
                .isGreaterThanOrEqualTo(Duration.ofDays(1));
    }

    @Test
    void connections_to_the_database_and_to_the_mail_server_require_tls() throws Exception {
        Map<String, String> variables = strings(rendered.get("ConfigMap").path("data"));
        Configuration database = Configuration.parse(variables.get("SPRING_DATASOURCE_URL"));
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource("systemEnvironment", new HashMap<>(variables)));
        Map<String, String> mail = Binder.get(environment)
                .bind("spring.mail.properties", Bindable.mapOf(String.class, String.class))
                .get();

        assertThat(database.sslMode()).isEqualTo(SslMode.VERIFY_FULL);
        assertThat(container().path("volumeMounts").findValuesAsText("mountPath"))
                .contains(Path.of(database.serverSslCert()).getParent().toString());
        assertThat(mail).containsEntry("mail.smtp.starttls.required", "true");
    }

    @Test
    void the_network_policy_allows_only_the_connections_that_relais_needs() {
        JsonNode policy = rendered.get("NetworkPolicy").path("spec");
        Map<String, String> variables = strings(rendered.get("ConfigMap").path("data"));

        assertThat(policy.at("/podSelector/matchLabels"))
                .isEqualTo(rendered.get("Deployment").at("/spec/selector/matchLabels"));
        assertThat(policy.path("policyTypes").toString()).isEqualTo("[\"Ingress\",\"Egress\"]");
        assertThat(policy.path("ingress")).singleElement().satisfies(rule -> assertThat(
                        rule.path("from").toString())
                .isEqualTo("[{\"namespaceSelector\":{\"matchLabels\":{\"relais-client\":\"true\"}}}]"));
        assertThat(portNumber(policy.at("/ingress/0/ports/0/port"))).isEqualTo(8080);
        assertThat(policy.path("egress").findValuesAsText("port"))
                .containsExactlyInAnyOrder(
                        "53",
                        "53",
                        "443",
                        Integer.toString(URI.create(
                                        variables.get("SPRING_DATASOURCE_URL").substring("jdbc:".length()))
                                .getPort()),
                        variables.get("SPRING_MAIL_PORT"));
    }

    @Test
    void with_monitoring_only_prometheus_reaches_the_management_port() {
        assertThat(withMonitoring).containsOnlyKeys(rendered.keySet());
        JsonNode pod = withMonitoring.get("Deployment").at("/spec/template");
        assertThat(pod.at("/metadata/annotations").toString())
                .contains("\"prometheus.io/port\":\"9876\"", "/actuator/prometheus");
        assertThat(pod.at("/spec/containers/0/ports").toString()).contains("\"containerPort\":9876");
        assertThat(pod.at("/spec/containers/0/env").toString())
                .contains("{\"name\":\"MANAGEMENT_SERVER_ADDRESS\",\"value\":\"0.0.0.0\"}");
        JsonNode ingress = withMonitoring.get("NetworkPolicy").at("/spec/ingress");
        assertThat(ingress).hasSize(2);
        assertThat(ingress.get(0))
                .isEqualTo(rendered.get("NetworkPolicy").at("/spec/ingress").get(0));
        assertThat(ingress.get(1).path("from").toString())
                .isEqualTo("[{\"namespaceSelector\":{\"matchLabels\":{\"relais-monitoring\":\"true\"}}}]");
        assertThat(ingress.get(1).path("ports").toString()).isEqualTo("[{\"port\":\"management\"}]");
    }

    @Test
    void the_base_images_are_pinned_to_a_version_of_three_numbers() throws IOException {
        List<String> images = Files.readAllLines(Path.of("k8s", "Dockerfile")).stream()
                .filter(line -> line.startsWith("FROM "))
                .map(line -> line.split(" ")[1])
                .toList();

        assertThat(images).isNotEmpty().allMatch(image -> image.matches(".+:\\d+\\.\\d+\\.\\d+.*"));
        assertThat(container().path("image").asText()).matches(".+:\\d+\\.\\d+\\.\\d+");
    }

    @Test
    void the_container_has_a_memory_limit_and_resource_requests() {
        assertThat(container().at("/resources/limits/memory").asText()).isEqualTo("1Gi");
        assertThat(container().at("/resources/requests/memory").asText()).isEqualTo("512Mi");
        assertThat(container().at("/resources/requests/cpu").asText()).isEqualTo("250m");
    }

    @Test
    void two_instances_never_run_at_the_same_time() {
        JsonNode spec = rendered.get("Deployment").path("spec");
        assertThat(spec.path("replicas").asInt()).isEqualTo(1);
        assertThat(spec.at("/strategy/type").asText()).isEqualTo("Recreate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"startup liveness", "liveness liveness", "readiness readiness"})
    void the_container_has_startup_liveness_and_readiness_probes(String probeAndGroup) {
        String[] words = probeAndGroup.split(" ");
        JsonNode get = container().path(words[0] + "Probe").path("httpGet");
        assertThat(get.path("path").asText()).isEqualTo("/actuator/health/" + words[1]);
        assertThat(portNumber(get.path("port"))).isEqualTo(8080);
    }

    @Test
    void the_container_is_reached_through_the_service() {
        JsonNode service = rendered.get("Service").path("spec");
        assertThat(service.path("type").asText()).isEqualTo("ClusterIP");
        assertThat(service.at("/ports/0/port").asInt()).isEqualTo(8080);
        assertThat(portNumber(service.at("/ports/0/targetPort"))).isEqualTo(8080);
        assertThat(service.path("selector"))
                .isNotEmpty()
                .isEqualTo(rendered.get("Deployment").at("/spec/template/metadata/labels"))
                .isEqualTo(rendered.get("Deployment").at("/spec/selector/matchLabels"));
    }

    private static boolean hasKubectl() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
    }

    private static Stream<JsonNode> objects(String yaml) {
        return StreamSupport.stream(new Yaml().loadAll(yaml).spliterator(), false)
                .map(JSON::valueToTree);
    }

    private static JsonNode secretExample() throws IOException {
        return objects(Files.readString(BASE.resolve("secret.example.yaml")))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> relaisVariables() {
        Map<String, String> variables = strings(rendered.get("ConfigMap").path("data"));
        variables.keySet().removeIf(name -> !name.startsWith("RELAIS_"));
        return variables;
    }

    private static Map<String, String> strings(JsonNode object) {
        Map<String, String> strings = new TreeMap<>();
        object.properties()
                .forEach(field -> strings.put(field.getKey(), field.getValue().asText()));
        return strings;
    }

    private static String environmentVariable(String setting) {
        return setting.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    private static JsonNode pod() {
        return rendered.get("Deployment").at("/spec/template/spec");
    }

    private static JsonNode container() {
        assertThat(pod().path("containers")).hasSize(1);
        return pod().at("/containers/0");
    }

    /** Returns the number of a port, which may be given by its name in the container. */
    private static int portNumber(JsonNode port) {
        for (JsonNode named : container().path("ports")) {
            if (named.path("name").equals(port)) {
                return named.path("containerPort").asInt();
            }
        }
        return port.asInt();
    }
}
