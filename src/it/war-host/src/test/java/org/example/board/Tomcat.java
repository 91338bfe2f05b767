package org.example.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A Tomcat as it is distributed, in a process of its own, with its manager application. */
final class Tomcat implements AutoCloseable {

    private static final Pattern THREAD = Pattern.compile("(?m)^\"(.*?)\"");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path log;
    private final int port;
    private final Process process;

    private Tomcat(Path home, Path log, int port) throws IOException {
        this.log = log;
        this.port = port;
        ProcessBuilder start = new ProcessBuilder(home.resolve("bin/catalina.sh").toString(), "run")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        start.environment().put("JRE_HOME", System.getProperty("java.home"));
        // The quick compiler suffices for a process of a few seconds.
        start.environment().put("CATALINA_OPTS", "-Xmx512m -XX:TieredStopAtLevel=1");
        process = start.start();
    }

    /**
     * @param home the unpacked distribution
     * @param context the settings of all web applications, in Tomcat's XML
     */
    static Tomcat start(Path home, String context) throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Files.writeString(home.resolve("conf/server.xml"), """
                <!-- No shutdown port, and no background work, which Tomcat may take for a thread of an application. -->
                <Server port="-1">
                  <Listener className="org.apache.catalina.core.JreMemoryLeakPreventionListener"/>
                  <Listener className="org.apache.catalina.core.ThreadLocalLeakPreventionListener"/>
                  <Service name="Catalina">
                    <Connector address="127.0.0.1" port="%d"/>
                    <Engine name="Catalina" defaultHost="localhost" backgroundProcessorDelay="-1">
                      <Realm className="org.apache.catalina.realm.MemoryRealm"/>
                      <Host name="localhost" appBase="webapps" autoDeploy="false" deployOnStartup="false">
                        <Context path="/manager" docBase="manager" privileged="true"/>
                      </Host>
                    </Engine>
                  </Service>
                </Server>
                """.formatted(port));
        Files.writeString(home.resolve("conf/tomcat-users.xml"), """
                <tomcat-users>
                  <user username="test" password="test" roles="manager-script"/>
                </tomcat-users>
                """);
        Files.writeString(home.resolve("conf/context.xml"), context);
        Tomcat tomcat = new Tomcat(home, home.resolveSibling("catalina.log"), port);
        try {
            await("the start of Tomcat")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> !tomcat.process.isAlive() || tomcat.log().contains("Server startup in"));
            assertThat(tomcat.process.isAlive()).as(tomcat.log()).isTrue();
            return tomcat;
        } catch (Throwable e) {
            tomcat.close();
            throw e;
        }
    }

    /**
     * Calls a command of the manager application, and waits until it has ended.
     *
     * @param parameters names and values, alternating
     */
    String manage(String command, String... parameters) throws Exception {
        StringBuilder path = new StringBuilder("/manager/text/" + command);
        for (int i = 0; i < parameters.length; i += 2) {
            path.append(i == 0 ? '?' : '&')
                    .append(parameters[i])
                    .append('=')
                    .append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
        }
        return get(path.toString());
    }

    String get(String path) throws Exception {
        String user = Base64.getEncoder().encodeToString("test:test".getBytes(StandardCharsets.UTF_8));
        return client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .header("Authorization", "Basic " + user)
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Returns the names of the threads, except for those that Tomcat itself starts when it needs them. */
    Set<String> threads() throws Exception {
        return THREAD.matcher(manage("threaddump"))
                .results()
                .map(thread -> thread.group(1))
                .filter(name -> !name.startsWith("http-nio-") && !name.startsWith("Catalina-utility-"))
                .collect(Collectors.toSet());
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new IllegalStateException("Tomcat did not stop:\n" + log());
        }
    }
}
