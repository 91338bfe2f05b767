package fr.relais.benchmark;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The floor of the comparison: the least code that keeps the same table equal to a source that does not change. It
 * requests one token, reads the windows once, compares digests in memory and writes JDBC batches. It has no proof,
 * sightings, second witness, retries or throttle.
 */
final class FloorContender implements Contender.Mirroring {

    private static final JsonFactory JSON = new JsonFactory();
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** An offer as a range of bytes of its page. */
    private record RawOffer(String id, String created, byte[] page, int start, int length) {}

    private final Map<String, String> environment;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads;
    private final ThreadLocal<Connection> connections;
    private final String token;

    FloorContender(Map<String, String> environment) throws Exception {
        this.environment = environment;
        threads = Executors.newFixedThreadPool(Integer.parseInt(environment.get("THREADS")));
        connections = ThreadLocal.withInitial(this::connect);
        String form = "grant_type=client_credentials&client_id=" + environment.get("CLIENT_ID") + "&client_secret="
                + environment.get("CLIENT_SECRET") + "&scope=api_offresdemploiv2+o2dsoffre";
        token = MAPPER.readTree(http.send(
                                HttpRequest.newBuilder(
                                                URI.create(environment.get("TOKEN_URL") + "?realm=%2Fpartenaire"))
                                        .header("Content-Type", "application/x-www-form-urlencoded")
                                        .POST(HttpRequest.BodyPublishers.ofString(form))
                                        .build(),
                                HttpResponse.BodyHandlers.ofByteArray())
                        .body())
                .get("access_token")
                .asText();
        try (Statement statement = connections.get().createStatement()) {
            statement.execute("""
                    create table offer (id varchar(64) character set ascii collate ascii_bin primary key,
                      origine varchar(8),
                      date_creation datetime(3), date_actualisation datetime(3), intitule varchar(500),
                      rome_code varchar(20), commune varchar(20), code_postal varchar(20), type_contrat varchar(20),
                      content longtext not null, digest binary(32) not null)
                    engine = InnoDB default character set utf8mb4""");
        }
    }

    @Override
    public void sweep() throws Exception {
        Map<String, byte[]> mirror = new HashMap<>();
        try (Statement statement = connections.get().createStatement();
                ResultSet rows = statement.executeQuery("select id, digest from offer")) {
            while (rows.next()) {
                mirror.put(rows.getString(1), rows.getBytes(2));
            }
        }
        Set<String> seen = ConcurrentHashMap.newKeySet();
        Instant to = Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
        boolean more = true;
        while (more) {
            Instant end = to;
            List<Future<String>> window = new ArrayList<>();
            HttpResponse<byte[]> first = ask(end, 0);
            window.add(threads.submit(() -> reconcile(first.body(), mirror, seen)));
            int total = Integer.parseInt(
                    first.headers().firstValue("Content-Range").orElseThrow().replaceAll(".*/", ""));
            for (int position = 150; position < Math.min(total, 3150); position += 150) {
                int from = position;
                window.add(threads.submit(() -> reconcile(ask(end, from).body(), mirror, seen)));
            }
            String last = null;
            for (Future<String> page : window) {
                last = page.get();
            }
            more = total > 3150;
            to = Instant.parse(last).truncatedTo(ChronoUnit.SECONDS);
        }
        mirror.keySet().removeAll(seen);
        try (PreparedStatement delete = connections.get().prepareStatement("delete from offer where id = ?")) {
            for (String id : mirror.keySet()) {
                delete.setString(1, id);
                delete.addBatch();
            }
            delete.executeBatch();
        }
    }

    private HttpResponse<byte[]> ask(Instant to, int from) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(environment.get("BASE_URL")
                                + "/v2/offres/search?origineOffre=1&sort=1&minCreationDate=2000-01-01T00:00:00Z"
                                + "&maxCreationDate=" + to + "&range=" + from + "-" + (from + 149)))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Writes the changes of a page, and returns the creation date of its last, oldest offer. */
    private String reconcile(byte[] page, Map<String, byte[]> mirror, Set<String> seen) throws Exception {
        List<RawOffer> offers = find(page);
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        Connection connection = connections.get();
        boolean changed = false;
        try (PreparedStatement upsert = connection.prepareStatement("""
                insert into offer values (?, '1', ?, ?, ?, ?, ?, ?, ?, ?, ?) on duplicate key update
                date_creation = values(date_creation), date_actualisation = values(date_actualisation),
                intitule = values(intitule), rome_code = values(rome_code), commune = values(commune),
                code_postal = values(code_postal), type_contrat = values(type_contrat), content = values(content),
                digest = values(digest)""")) {
            for (RawOffer offer : offers) {
                sha256.update(offer.page(), offer.start(), offer.length());
                byte[] digest = sha256.digest();
                if (seen.add(offer.id()) && !Arrays.equals(digest, mirror.get(offer.id()))) {
                    JsonNode fields = MAPPER.readTree(offer.page(), offer.start(), offer.length());
                    upsert.setString(1, offer.id());
                    upsert.setString(2, date(fields.path("dateCreation")));
                    upsert.setString(3, date(fields.path("dateActualisation")));
                    upsert.setString(4, text(fields.path("intitule")));
                    upsert.setString(5, text(fields.path("romeCode")));
                    upsert.setString(6, text(fields.path("lieuTravail").path("commune")));
                    upsert.setString(7, text(fields.path("lieuTravail").path("codePostal")));
                    upsert.setString(8, text(fields.path("typeContrat")));
                    upsert.setString(
                            9, new String(offer.page(), offer.start(), offer.length(), StandardCharsets.UTF_8));
                    upsert.setBytes(10, digest);
                    upsert.addBatch();
                    changed = true;
                }
            }
            if (changed) {
                upsert.executeBatch();
                connection.commit();
            }
        }
        return offers.get(offers.size() - 1).created();
    }

    private static List<RawOffer> find(byte[] page) throws Exception {
        List<RawOffer> offers = new ArrayList<>(150);
        try (JsonParser json = JSON.createParser(page)) {
            json.nextToken();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                boolean results = "resultats".equals(json.currentName());
                json.nextToken();
                if (!results) {
                    json.skipChildren();
                    continue;
                }
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    int start = (int) json.currentTokenLocation().getByteOffset();
                    String id = null;
                    String created = null;
                    while (json.nextToken() != JsonToken.END_OBJECT) {
                        String name = json.currentName();
                        json.nextToken();
                        if ("id".equals(name)) {
                            id = json.getText();
                        } else if ("dateCreation".equals(name)) {
                            created = json.getText();
                        } else {
                            json.skipChildren();
                        }
                    }
                    int end = (int) json.currentLocation().getByteOffset();
                    offers.add(new RawOffer(id, created, page, start, end - start));
                }
            }
        }
        return offers;
    }

    private static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : null;
    }

    private static String date(JsonNode value) {
        return value.isTextual() ? value.asText().replace("T", " ").replace("Z", "") : null;
    }

    private Connection connect() {
        try {
            Connection connection = DriverManager.getConnection(
                    environment.get("DATABASE") + "?rewriteBatchedStatements=true", "root", "");
            connection.setAutoCommit(false);
            return connection;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
