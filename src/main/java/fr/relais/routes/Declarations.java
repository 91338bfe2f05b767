package fr.relais.routes;

import fr.relais.changelog.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.BeanFactoryDefinition;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.CircuitBreakerDefinition;
import org.apache.camel.model.DelayDefinition;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.FinallyDefinition;
import org.apache.camel.model.HasExpressionType;
import org.apache.camel.model.LogDefinition;
import org.apache.camel.model.LoopDefinition;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.OnFallbackDefinition;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.OtherwiseDefinition;
import org.apache.camel.model.PipelineDefinition;
import org.apache.camel.model.PolicyDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RemoveHeaderDefinition;
import org.apache.camel.model.RemoveHeadersDefinition;
import org.apache.camel.model.RemovePropertiesDefinition;
import org.apache.camel.model.RemovePropertyDefinition;
import org.apache.camel.model.RemoveVariableDefinition;
import org.apache.camel.model.RollbackDefinition;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.SetBodyDefinition;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.model.SetPropertyDefinition;
import org.apache.camel.model.SetVariableDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.StepDefinition;
import org.apache.camel.model.StopDefinition;
import org.apache.camel.model.ThrowExceptionDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.TransactedDefinition;
import org.apache.camel.model.TryDefinition;
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.model.language.MethodCallExpression;
import org.apache.camel.model.language.TypedExpressionDefinition;
import org.apache.camel.spi.Registry;

/**
 * What the steps of the route files say of themselves, in their notes. A step that may change what is kept has to: the changelog
 * publishes these notes as the method (licence, article 4), and without one the pipeline does not start.
 *
 * <p>Without a note pass: control flow that decides by Relais's own working data; calls of routes of these files, of Relais's own beans, and
 * of an endpoint that a setting of Relais names; and what moves data from one place to another as they are. Every other step needs one,
 * also those that nobody has thought of. It guards against forgetting, not against cheating.
 */
public final class Declarations {

    private static final String HOOK = "transform-offer";

    private static final Set<Class<?>> CONTROL_FLOW = Set.of(
            ChoiceDefinition.class,
            OtherwiseDefinition.class,
            TryDefinition.class,
            FinallyDefinition.class,
            PipelineDefinition.class,
            StepDefinition.class,
            StopDefinition.class,
            TransactedDefinition.class,
            PolicyDefinition.class,
            RollbackDefinition.class,
            ThrowExceptionDefinition.class,
            RemoveHeaderDefinition.class,
            RemoveHeadersDefinition.class,
            RemovePropertyDefinition.class,
            RemovePropertiesDefinition.class,
            RemoveVariableDefinition.class);

    private static final Set<Class<?>> ASSIGNMENTS = Set.of(
            SetBodyDefinition.class,
            SetHeaderDefinition.class,
            SetPropertyDefinition.class,
            SetVariableDefinition.class);

    private static final Set<Class<?>> DECISIONS =
            Set.of(FilterDefinition.class, WhenDefinition.class, LoopDefinition.class, DelayDefinition.class);

    private static final Pattern SETTING = Pattern.compile("(\\{\\{relais\\.[a-z.-]+}})(\\?.*)?");
    private static final Pattern ROUTE = Pattern.compile("direct:(?://)?([^?]+)(\\?.*)?");

    /** What a simple expression takes from its place: a name, and from there on properties and keys. */
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\{(body|null|exception|routeId|exchangeId|empty\\((?:list|map|string)\\)"
                    + "|(?:headers?|variables?|exchangeProperty)[.:][\\w-]+)((?:\\??\\.\\w+|\\[[^\\[\\]{}$]+])*)}");

    private static final Pattern BEAN = Pattern.compile("\\$\\{bean:([\\w-]+)(?:\\?method=\\w+(?:\\(([^()]*)\\))?)?}");
    private static final Pattern ANY_BEAN = Pattern.compile("bean:([\\w.-]+)");
    private static final Pattern CALL = Pattern.compile("\\w\\(\\s*[^)\\s]");

    /** As properties they look like data, and make others of them: {@code trim}, {@code toUpperCase}. */
    private static final Set<String> CONVERSIONS = Arrays.stream(String.class.getMethods())
            .filter(method -> method.getParameterCount() == 0 && method.getDeclaringClass() == String.class)
            .map(java.lang.reflect.Method::getName)
            .collect(Collectors.toSet());

    private final CamelContext camel;
    private final List<RouteFiles.Loaded> files;
    /** By the name after {@code direct:}. */
    private final Map<String, RouteDefinition> routes = new HashMap<>();

    /** A step that is not declared; the message names file, route and step, and says what to do. */
    public static final class Missing extends IllegalArgumentException {
        private Missing(String message) {
            super(message);
        }
    }

    private Declarations(CamelContext camel, List<RouteFiles.Loaded> files) {
        this.camel = camel;
        this.files = files;
        files.stream()
                .flatMap(file -> file.definitions().stream())
                .filter(RouteDefinition.class::isInstance)
                .map(RouteDefinition.class::cast)
                .filter(route -> route.getInput() != null)
                .forEach(route -> {
                    Matcher name = ROUTE.matcher(route.getInput().getUri());
                    if (name.matches()) {
                        routes.put(name.group(1), route);
                    }
                });
    }

    public static Declarations of(CamelContext camel, List<RouteFiles.Loaded> files) {
        return new Declarations(camel, files);
    }

    /** The files themselves. */
    public List<Method.RouteFile> files() {
        return files.stream()
                .map(file ->
                        new Method.RouteFile(file.name(), file.origin(), Method.sha256(RouteFiles.bytes(file.file()))))
                .toList();
    }

    /** All notes, in the order of the files and of the steps in them. */
    public List<Method.Step> steps() {
        Set<String> hooked = hooked();
        List<Method.Step> steps = new ArrayList<>();
        files.forEach(file -> file.definitions().forEach(definition -> nodes(definition)
                .filter(Declarations::hasNote)
                .forEach(node -> steps.add(
                        new Method.Step(name(definition), node.getNote(), hooked.contains(name(definition)))))));
        return steps;
    }

    /** Whether offers are modified by us: {@code transform-offer} leads to a step that has a note. */
    public boolean isTransforming() {
        return steps().stream().anyMatch(Method.Step::isAddition);
    }

    /**
     * @param beans in which Relais's own have been bound
     * @throws Missing for the first step without a note that needs one
     */
    public void require(Registry beans) {
        // Beans of files are bound when the context starts, over those of the same name.
        Set<String> ofFiles = ((ModelCamelContext) camel)
                .getCustomBeans().stream().map(BeanFactoryDefinition::getName).collect(Collectors.toSet());
        Predicate<String> isOwn = name -> {
            Object bean = beans.lookupByName(name);
            return bean != null
                    && !ofFiles.contains(name)
                    && bean.getClass().getPackageName().matches("fr\\.relais(\\..*)?");
        };
        files.forEach(file -> file.definitions().forEach(definition -> nodes(definition)
                .filter(node -> node != definition && !hasNote(node) && !isHarmless(node, isOwn))
                .findFirst()
                .ifPresent(node -> {
                    throw missing(file, definition, node);
                })));
    }

    private static Missing missing(
            RouteFiles.Loaded file, OptionalIdentifiedDefinition<?> definition, OptionalIdentifiedDefinition<?> node) {
        return new Missing("Route file " + file.file().getLocation() + ": in " + name(definition) + ", the step "
                + node.getShortName() + (node.hasCustomIdAssigned() ? " (id " + node.getId() + ")" : "")
                + (node.getLineNumber() > 0 ? " in line " + node.getLineNumber() : "")
                + " may change what is kept and has no note. Give it a note in French that says what it does to offers;"
                + " it is published in the changelog");
    }

    private static boolean hasNote(OptionalIdentifiedDefinition<?> node) {
        return node.getNote() != null && !node.getNote().isBlank();
    }

    private static String name(OptionalIdentifiedDefinition<?> definition) {
        return definition.getId() == null ? "?" : definition.getId();
    }

    /** The routes that {@code transform-offer} leads to, itself among them. */
    private Set<String> hooked() {
        List<RouteDefinition> reached = new ArrayList<>();
        if (routes.containsKey(HOOK)) {
            reached.add(routes.get(HOOK));
        }
        for (int i = 0; i < reached.size(); i++) {
            nodes(reached.get(i))
                    .filter(ToDefinition.class::isInstance)
                    .map(node -> called(((ToDefinition) node).getUri()))
                    .filter(route -> route != null && !reached.contains(route))
                    .distinct()
                    .forEach(reached::add);
        }
        return reached.stream().map(Declarations::name).collect(Collectors.toSet());
    }

    /** The route of these files at an address, or null. */
    private RouteDefinition called(String uri) {
        Matcher setting = SETTING.matcher(uri);
        Matcher name = ROUTE.matcher(setting.matches() ? camel.resolvePropertyPlaceholders(setting.group(1)) : uri);
        return name.matches() ? routes.get(name.group(1)) : null;
    }

    private static Stream<OptionalIdentifiedDefinition<?>> nodes(OptionalIdentifiedDefinition<?> node) {
        return Stream.concat(Stream.of(node), children(node).flatMap(Declarations::nodes));
    }

    private static Stream<? extends OptionalIdentifiedDefinition<?>> children(OptionalIdentifiedDefinition<?> node) {
        if (node instanceof RouteTemplateDefinition template) {
            return Stream.of(template.getRoute());
        } else if (node instanceof RouteConfigurationDefinition configuration) {
            return Stream.of(
                            configuration.getOnExceptions(),
                            configuration.getOnCompletions(),
                            configuration.getIntercepts(),
                            configuration.getInterceptFroms(),
                            configuration.getInterceptSendTos())
                    .flatMap(List::stream);
        } else if (node instanceof ChoiceDefinition choice) {
            return Stream.concat(
                    choice.getWhenClauses().stream(),
                    choice.getOtherwise() == null ? Stream.empty() : Stream.of(choice.getOtherwise()));
        } else if (node instanceof TryDefinition attempt) {
            return Stream.of(
                            attempt.getOutputs(),
                            attempt.getCatchClauses(),
                            attempt.getFinallyClause() == null
                                    ? List.<FinallyDefinition>of()
                                    : List.of(attempt.getFinallyClause()))
                    .flatMap(List::stream)
                    .distinct();
        } else if (node instanceof WhenDefinition when) {
            return when.getOutputs().stream();
        } else if (node instanceof OtherwiseDefinition otherwise) {
            return otherwise.getOutputs().stream();
        } else if (node instanceof OnFallbackDefinition fallback) {
            return fallback.getOutputs().stream();
        } else if (node instanceof CircuitBreakerDefinition breaker && breaker.getOnFallback() != null) {
            return Stream.concat(breaker.getOutputs().stream(), Stream.of(breaker.getOnFallback()));
        } else if (node instanceof ProcessorDefinition<?> step) {
            return step.getOutputs().stream();
        }
        return Stream.empty();
    }

    private boolean isHarmless(OptionalIdentifiedDefinition<?> node, Predicate<String> isOwn) {
        if (CONTROL_FLOW.contains(node.getClass())) {
            return true;
        } else if (ASSIGNMENTS.contains(node.getClass())) {
            return moves(((HasExpressionType) node).getExpressionType(), isOwn);
        } else if (DECISIONS.contains(node.getClass())) {
            return decides(((HasExpressionType) node).getExpressionType(), isOwn);
        } else if (node instanceof SplitDefinition split) {
            return moves(split.getExpression(), isOwn)
                    && split.getAggregationStrategy() == null
                    && split.getAggregationStrategyBean() == null
                    && split.getOnPrepare() == null;
        } else if (node instanceof CatchDefinition caught) {
            return caught.getOnWhen() == null || decides(caught.getOnWhen().getExpression(), isOwn);
        } else if (node instanceof OnExceptionDefinition failure) {
            return (failure.getOnWhen() == null || decides(failure.getOnWhen().getExpression(), isOwn))
                    && failure.getOnRedeliveryRef() == null
                    && failure.getOnExceptionOccurredRef() == null;
        } else if (node instanceof BeanDefinition bean) {
            return bean.getBeanType() == null && calls(bean.getRef(), bean.getMethod(), isOwn);
        } else if (node instanceof LogDefinition log) {
            return isLog(log.getMessage(), isOwn);
        } else if (node instanceof ToDefinition to) {
            return SETTING.matcher(to.getUri()).matches() || called(to.getUri()) != null;
        }
        // A template's route.
        return node instanceof RouteDefinition;
    }

    /** Whether the expression takes something as it is, or has it of Relais itself. */
    private static boolean moves(ExpressionDefinition expression, Predicate<String> isOwn) {
        String text = String.valueOf(expression.getExpression()).strip();
        return switch (expression.getLanguage()) {
            case "constant", "variable", "header", "exchangeProperty" -> true;
            case "simple" ->
                ((TypedExpressionDefinition) expression).getResultTypeName() == null
                        && (!text.contains("$") || isReference(text) || isOwnBean(text, isOwn));
            case "bean" -> calls((MethodCallExpression) expression, isOwn);
            default -> false;
        };
    }

    /** Whether it decides by working data of Relais, not by what is in an offer. */
    private static boolean decides(ExpressionDefinition expression, Predicate<String> isOwn) {
        return switch (expression.getLanguage()) {
            case "constant", "variable", "header", "exchangeProperty" -> true;
            case "simple" -> {
                String text = String.valueOf(expression.getExpression());
                yield REFERENCE
                                .matcher(text)
                                .results()
                                .noneMatch(found -> found.group(1).equals("body")
                                        && !found.group(2).isEmpty())
                        && isMadeOfReferences(text, isOwn);
            }
            case "bean" -> calls((MethodCallExpression) expression, isOwn);
            default -> false;
        };
    }

    private static boolean calls(MethodCallExpression call, Predicate<String> isOwn) {
        return call.getBeanTypeName() == null
                && call.getBeanType() == null
                && calls(call.getRef(), call.getMethod(), isOwn);
    }

    private static boolean calls(String bean, String method, Predicate<String> isOwn) {
        return bean != null && isOwn.test(bean) && (method == null || isMadeOfReferences(method, isOwn));
    }

    private static boolean isLog(String message, Predicate<String> isOwn) {
        String rest = BEAN.matcher(String.valueOf(message))
                .replaceAll(found -> isOwn.test(found.group(1)) ? "" : Matcher.quoteReplacement(found.group()));
        return !rest.contains("$")
                || !ANY_BEAN.matcher(rest).find() && !CALL.matcher(rest).find();
    }

    /** Whether nothing but references and own beans is evaluated in the text. */
    private static boolean isMadeOfReferences(String text, Predicate<String> isOwn) {
        String rest = BEAN.matcher(text)
                .replaceAll(found -> isOwnBean(found.group(), isOwn) ? "" : Matcher.quoteReplacement(found.group()));
        return !REFERENCE
                .matcher(rest)
                .replaceAll(found -> isReference(found.group()) ? "" : Matcher.quoteReplacement(found.group()))
                .contains("$");
    }

    private static boolean isOwnBean(String text, Predicate<String> isOwn) {
        Matcher bean = BEAN.matcher(text);
        return bean.matches()
                && isOwn.test(bean.group(1))
                && (bean.group(2) == null || isMadeOfReferences(bean.group(2), isOwn));
    }

    private static boolean isReference(String text) {
        Matcher reference = REFERENCE.matcher(text);
        return reference.matches()
                && Arrays.stream(reference.group(2).split("[?.\\[\\]]+")).noneMatch(CONVERSIONS::contains);
    }
}
