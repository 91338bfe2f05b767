package fr.relais.duty;

import fr.relais.duty.Clause.Exemption;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The parser of a licence profile. Each mistake is reported with its line and field. */
final class ProfileFile {

    private static final List<String> PROFILE = List.of("name", "clauses");
    private static final List<String> OPTIONAL = List.of("example", "effectiveOn");
    private static final List<String> CLAUSE =
            List.of("id", "article", "duty", "mechanism", "settings", "evidence", "check");
    private static final List<String> EXEMPTION = List.of("reason", "author", "date");

    private final String file;

    /** @param file the name of the file in messages */
    ProfileFile(String file) {
        this.file = file;
    }

    LicenceProfile parse(String text) {
        Node root = compose(text);
        Map<String, Node> profile = fields(root, "the profile", PROFILE, OPTIONAL);
        List<Clause> clauses = items(profile.get("clauses"), "clauses").stream()
                .map(this::clause)
                .toList();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < clauses.size(); i++) {
            if (!ids.add(clauses.get(i).id())) {
                throw mistake(
                        items(profile.get("clauses"), "clauses").get(i),
                        "there are two clauses with the id " + clauses.get(i).id());
            }
        }
        return new LicenceProfile(
                text(profile.get("name"), "name"),
                Optional.ofNullable(profile.get("example"))
                        .map(node -> flag(node, "example"))
                        .orElse(false),
                Optional.ofNullable(profile.get("effectiveOn")).map(node -> date(node, "effectiveOn")),
                clauses);
    }

    private Node compose(String text) {
        try {
            return new Compose(LoadSettings.builder().setLabel(file).build())
                    .composeString(text)
                    .orElseThrow(() -> new InvalidProfile(file, 0, "it is empty"));
        } catch (MarkedYamlEngineException e) {
            throw new InvalidProfile(
                    file,
                    e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0),
                    "it is not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new InvalidProfile(file, 0, "it is not YAML");
        }
    }

    private Clause clause(Node node) {
        Map<String, Node> fields = fields(node, "a clause", CLAUSE, List.of("pages", "notApplicable"));
        String check = text(fields.get("check"), "check");
        return new Clause(
                text(fields.get("id"), "id"),
                text(fields.get("article"), "article"),
                text(fields.get("duty"), "duty"),
                text(fields.get("mechanism"), "mechanism"),
                items(fields.get("settings"), "settings").stream()
                        .map(setting -> text(setting, "settings"))
                        .toList(),
                text(fields.get("evidence"), "evidence"),
                Optional.ofNullable(fields.get("pages")).map(this::paths).orElse(List.of()),
                Check.of(check)
                        .orElseThrow(() -> mistake(
                                fields.get("check"),
                                "check is \"" + check + "\" and takes one of " + Arrays.toString(Check.values()))),
                Optional.ofNullable(fields.get("notApplicable")).map(this::exemption));
    }

    private List<String> paths(Node node) {
        return items(node, "pages").stream().map(this::path).toList();
    }

    private String path(Node node) {
        String path = text(node, "pages");
        if (!path.matches("/[a-z0-9/-]*") || path.startsWith("//")) {
            throw mistake(node, "pages must be paths such as /console/ledger");
        }
        return path;
    }

    private Exemption exemption(Node node) {
        Map<String, Node> fields = fields(node, "notApplicable", EXEMPTION, List.of());
        return new Exemption(
                text(fields.get("reason"), "reason"),
                text(fields.get("author"), "author"),
                date(fields.get("date"), "date"));
    }

    /** Returns the fields of a mapping that has all required fields, and no others than these and the optional ones. */
    private Map<String, Node> fields(Node node, String what, List<String> required, List<String> optional) {
        if (!(node instanceof MappingNode mapping)) {
            throw mistake(node, what + " must be a mapping with the fields " + String.join(", ", required));
        }
        Map<String, Node> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String name = text(tuple.getKeyNode(), "the name of a field");
            if (!required.contains(name) && !optional.contains(name)) {
                throw mistake(tuple.getKeyNode(), "there is no field \"" + name + "\" in " + what);
            }
            fields.put(name, tuple.getValueNode());
        }
        for (String name : required) {
            if (!fields.containsKey(name)) {
                throw mistake(node, what + " has no field \"" + name + "\"");
            }
        }
        return fields;
    }

    private List<Node> items(Node node, String field) {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        throw mistake(node, field + " must be a list");
    }

    private String text(Node node, String field) {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return scalar.getValue().strip();
        }
        throw mistake(node, field + " must be a text");
    }

    private boolean flag(Node node, String field) {
        String text = text(node, field);
        if (!List.of("true", "false").contains(text)) {
            throw mistake(node, field + " must be true or false");
        }
        return Boolean.parseBoolean(text);
    }

    private LocalDate date(Node node, String field) {
        try {
            return LocalDate.parse(text(node, field));
        } catch (DateTimeException e) {
            throw mistake(node, field + " must be a date such as 2026-11-25");
        }
    }

    private InvalidProfile mistake(Node node, String problem) {
        return new InvalidProfile(
                file, node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0), problem);
    }
}
