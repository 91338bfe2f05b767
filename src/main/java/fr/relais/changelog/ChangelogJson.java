package fr.relais.changelog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import fr.relais.ledger.Anchor;
import fr.relais.licence.Mentions;
import java.time.Instant;
import java.util.List;

/** The file {@code modifications.json}. Instants are in UTC and ISO 8601 format. */
final class ChangelogJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ChangelogJson() {}

    static byte[] write(ChangelogContent content) {
        ObjectNode root = JSON.createObjectNode();
        Mentions mentions = content.mentions();
        root.put("source", mentions.source())
                .put("derniereMiseAJour", text(mentions.updatedAt()))
                .put("licence", mentions.licence())
                .put("versionLicence", mentions.licenceVersion())
                .put("urlLicence", mentions.licenceUrl())
                .put("urlModifications", mentions.changelogUrl())
                .put("registre", content.anchor().map(Anchor::toString).orElse(null));
        content.selfAudit().ifPresent(audit -> root.putObject("controle")
                .put("date", text(audit.at()))
                .put("comparees", audit.compared())
                .put("differentes", audit.different())
                .put("partMaximale", audit.bound()));
        ArrayNode versions = root.putArray("methode");
        content.versions().forEach(version -> {
            ObjectNode versionNode = versions.addObject();
            versionNode
                    .put("version", version.number())
                    .put("depuis", text(version.since()))
                    .put("sha256", version.sha256());
            ArrayNode sections = versionNode.putArray("rubriques");
            version.method().sections().forEach(section -> {
                ObjectNode sectionNode = sections.addObject().put("rubrique", section.title());
                add(sectionNode.putArray("lignes"), section.lines());
            });
            add(versionNode.putArray("difference"), version.difference());
        });
        ArrayNode sweeps = root.putArray("balayages");
        content.sweeps().forEach(sweep -> sweeps.addObject()
                .put("balayage", sweep.id())
                .put("debut", text(sweep.startedAt()))
                .put("etat", Mentions.TEXTS.getString("changelog.state." + sweep.state()))
                .put("creees", sweep.created())
                .put("misesAJour", sweep.updated())
                .put("inchangees", sweep.unchanged())
                .put("retirees", sweep.removed())
                .put("retireesHorsPerimetre", sweep.outOfScope())
                .put("conserveesSansConfirmation", sweep.kept())
                .put("enregistrementsEcartes", sweep.setAside()));
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("writing strings and numbers as JSON cannot fail", e);
        }
    }

    private static void add(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    private static String text(Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
