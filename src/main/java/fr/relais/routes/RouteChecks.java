package fr.relais.routes;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.DataFormatDefinition;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.HasExpressionType;
import org.apache.camel.model.LogDefinition;
import org.apache.camel.model.MarshalDefinition;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.UnmarshalDefinition;
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.model.language.MethodCallExpression;
import org.apache.camel.support.PatternHelper;
import org.apache.camel.support.PluginHelper;

/**
 * The checks of loaded route files. A mistake is a configuration, bean, method, component, option or data format that
 * does not exist, or an expression that cannot be parsed.
 */
final class RouteChecks {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??([\\w.-]+)(?::[^{}]*)?}}");
    private static final Pattern BEAN_CALL = Pattern.compile("bean:([\\w-]+)\\?method=(\\w+)");

    private final CamelContext camel;
    private final List<RouteFile> files;
    private final Beans beans;
    private final Endpoints endpoints;

    /** Creates the checks. The beans must be bound already. */
    RouteChecks(CamelContext camel, List<RouteFile> files) {
        this.camel = camel;
        this.files = files;
        this.beans = new Beans(camel);
        this.endpoints = new Endpoints(camel, beans);
    }

    /** @throws InvalidRouteFile for a placeholder without a setting */
    static void requirePlaceholders(CamelContext camel, RouteFile file) {
        Set<String> parameters = ((ModelCamelContext) camel)
                .getRouteTemplateDefinitions().stream()
                        .filter(template -> template.getTemplateParameters() != null)
                        .flatMap(template -> template.getTemplateParameters().stream())
                        .map(parameter -> parameter.getName())
                        .collect(Collectors.toSet());
        List<String> lines = file.lines();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).strip().startsWith("#")) {
                int line = i + 1;
                PLACEHOLDER
                        .matcher(lines.get(i))
                        .results()
                        .filter(found -> !parameters.contains(found.group(1)) && !isKnown(camel, found.group()))
                        .findFirst()
                        .ifPresent(found -> {
                            throw file.mistake(
                                    line,
                                    "there is no setting " + found.group(1),
                                    NearestName.remedy(
                                            found.group(1),
                                            camel.getPropertiesComponent()
                                                    .loadProperties()
                                                    .stringPropertyNames(),
                                            "The settings are in relais.properties."));
                        });
            }
        }
    }

    private static boolean isKnown(CamelContext camel, String placeholder) {
        try {
            camel.resolvePropertyPlaceholders(placeholder);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Makes all checks except those of placeholders and SQL.
     *
     * @throws InvalidRouteFile for the first mistake in a file
     * @throws UnusableSetting for a setting that a route cannot use
     */
    void require() {
        files.forEach(this::requireConfigurations);
        for (RouteFile file : files) {
            requireBeanCalls(file);
            file.routes().forEach(route -> requireEndpoint(file, route.getInput()));
            file.steps().forEach(step -> {
                requireEndpoint(file, step);
                requireBean(file, step);
                requireExpression(file, step);
                requireDataFormat(file, step);
            });
        }
    }

    /**
     * Checks the SQL in files of the folder. That of the packed files is tested with Relais.
     *
     * @throws InvalidRouteFile for the first mistake in a file
     */
    void requireStatements() {
        for (RouteFile file : files) {
            if (!file.isPacked()) {
                file.routes().forEach(route -> requireStatement(file, route.getInput()));
                file.steps().forEach(step -> requireStatement(file, step));
            }
        }
    }

    private void requireStatement(RouteFile file, NamedNode step) {
        String uri = step == null ? null : DirectCalls.target(step);
        if (uri != null && !uri.isEmpty()) {
            endpoints.requireTables(camel.resolvePropertyPlaceholders(uri), file.place(step.getLineNumber()));
        }
    }

    /** Checks that the configurations exist. Camel would ignore a missing one and handle failures by its defaults. */
    private void requireConfigurations(RouteFile file) {
        for (RouteConfigurationDefinition configuration : file.configurations()) {
            if (configuration.getId() == null) {
                throw file.mistake(
                        file.line(configuration.getLineNumber(), "routeConfiguration"),
                        "the routeConfiguration has no id, so no route can choose it",
                        "Give it an id.");
            }
        }
        Set<String> known = ((ModelCamelContext) camel)
                .getRouteConfigurationDefinitions().stream()
                        .map(RouteConfigurationDefinition::getId)
                        .filter(id -> id != null)
                        .collect(Collectors.toCollection(TreeSet::new));
        for (RouteDefinition route : file.routes()) {
            Stream.ofNullable(route.getRouteConfigurationId())
                    .flatMap(ids -> Arrays.stream(ids.split(",")))
                    .map(String::strip)
                    .filter(wanted -> known.stream().noneMatch(id -> PatternHelper.matchPattern(id, wanted)))
                    .findFirst()
                    .ifPresent(wanted -> {
                        throw file.mistake(
                                file.line(route.getLineNumber(), wanted),
                                "there is no routeConfiguration " + wanted,
                                NearestName.remedy(wanted, known));
                    });
        }
    }

    private void requireEndpoint(RouteFile file, NamedNode step) {
        if (step == null) {
            return;
        }
        String uri = DirectCalls.target(step);
        if (uri == null || uri.isEmpty()) {
            if (uri != null || List.of("to", "from").contains(step.getShortName())) {
                throw file.mistake(step.getLineNumber(), "the " + step.getShortName() + " has no uri", "Give it one.");
            }
            return;
        }
        Matcher setting = DirectCalls.SETTING.matcher(uri);
        if (setting.matches()) {
            endpoints.require(
                    camel.resolvePropertyPlaceholders("{{" + setting.group(1) + "}}"), Place.setting(setting.group(1)));
        }
        endpoints.require(camel.resolvePropertyPlaceholders(uri), file.place(step.getLineNumber()));
    }

    private void requireBean(RouteFile file, NamedNode step) {
        if (step instanceof BeanDefinition bean) {
            beans.require(bean.getRef(), bean.getMethod(), file.place(step.getLineNumber()));
        } else if (step instanceof HasExpressionType owner
                && owner.getExpressionType() instanceof MethodCallExpression call) {
            beans.require(call.getRef(), call.getMethod(), file.place(step.getLineNumber()));
        }
    }

    /** Checks the calls of beans inside simple expressions, on any line of the file. */
    private void requireBeanCalls(RouteFile file) {
        List<String> lines = file.lines();
        for (int i = 0; i < lines.size(); i++) {
            int line = i + 1;
            BEAN_CALL
                    .matcher(lines.get(i))
                    .results()
                    .forEach(call -> beans.require(call.group(1), call.group(2), file.place(line)));
        }
    }

    private void requireExpression(RouteFile file, NamedNode step) {
        if (step instanceof LogDefinition log) {
            requireSimple(file, step, log.getMessage(), false);
        } else if (step instanceof HasExpressionType owner && owner.getExpressionType() != null) {
            ExpressionDefinition expression = owner.getExpressionType();
            if ("simple".equals(expression.getLanguage())) {
                boolean isPredicate = step instanceof FilterDefinition || step instanceof WhenDefinition;
                requireSimple(file, step, expression.getExpression(), isPredicate);
            }
        }
    }

    private void requireSimple(RouteFile file, NamedNode step, String text, boolean isPredicate) {
        SimpleText.require(camel, text, isPredicate, file.place(step.getLineNumber()));
    }

    private void requireDataFormat(RouteFile file, NamedNode step) {
        DataFormatDefinition format = null;
        if (step instanceof MarshalDefinition marshal) {
            format = marshal.getDataFormatType();
        } else if (step instanceof UnmarshalDefinition unmarshal) {
            format = unmarshal.getDataFormatType();
        }
        String name = format == null ? null : format.getDataFormatName();
        if (name != null && PluginHelper.getDataFormatResolver(camel).createDataFormat(name, camel) == null) {
            throw file.mistake(
                    file.line(step.getLineNumber(), step.getShortName()),
                    "there is no data format " + name,
                    "Add its jar, and the jars that it needs, to the folder components or the class path.");
        }
    }
}
