import { Definition, Labels } from '../api/contract';
import { legendLabels } from '../api/legend';
import { QueryType } from '../datasource/types';
import { RuleForm, signalsOf } from './build';

/** Annotations of a rule; the names with a language stand beside the plain ones, which are in the author's language. */
export type Texts = Record<string, string>;

type Language = 'en' | 'zh';

interface Input {
  definition: Definition;
  form: RuleForm;
  /** Labels of the model's series. */
  series: Labels[];
}

/**
 * Labels that tell the series apart: the model's entity labels, otherwise those of the query's legend, otherwise those that
 * differ, otherwise all of the first.
 */
function namingLabels({ definition, series }: Omit<Input, 'form'>): string[] {
  if (definition.entityLabels.length > 0) {
    return definition.entityLabels;
  }
  const named = legendLabels(definition.query.source?.legendFormat).filter((name) => series.some((s) => s[name]));
  if (named.length > 0) {
    return named;
  }
  const all = [...new Set(series.flatMap((labels) => Object.keys(labels)))];
  const differing = all.filter((name) => new Set(series.map((labels) => labels[name])).size > 1);
  return differing.length > 0 ? differing : all;
}

/** What names the entity in a message; the model itself where its series has no labels. */
function entity(input: Input): string {
  const names = namingLabels(input);
  return names.length > 0
    ? names.map((name) => `{{ index $labels ${JSON.stringify(name)} }}`).join(' ')
    : input.definition.name;
}

const number = (ref: string, digits = 4) => `{{ printf "%.${digits}g" $values.${ref}.Value }}`;
const hours = (ref: string) => `{{ printf "%.0f" $values.${ref}.Value }}`;

/** A number that may be one of the words for "no time to state". */
const etaText = (ref: string, unit: string, unknown: string) =>
  `{{ if lt $values.${ref}.Value 1000000.0 }}${hours(ref)} ${unit}{{ else }}${unknown}{{ end }}`;

/** While an alert is held or over there may be no time left to tell; the number that stands for it is no text for people. */
const NEVER = '{{ else if ge $values.A.Value 1000000.0 }}';

/** The limit of an early warning; where each series has its own, what it is. */
function limitText({ definition, form }: Input, zh: boolean): string {
  const { query, capacity, value = form.limit } = definition.query.threshold ?? {};
  if (query) {
    return zh ? '其限值' : 'its limit';
  }
  return capacity ? (zh ? `容量的 ${value} %` : `${value} % of its capacity`) : String(value);
}

/** The node without which there is nothing to tell: a series that has ended has no numbers any more. */
const KEYS: Partial<Record<QueryType, string>> = { warning: 'A', forecast: 'M', outlier: 'S', composite: 'S' };

/** One sentence about what is wrong, with the numbers that explain it. Written for Grafana's templates, in a given language. */
export function summary(input: Input, language: Language): string {
  const key = KEYS[input.definition.query.queryType ?? 'forecast'] ?? 'V';
  const gone = language === 'zh' ? '：已无数据。' : ': not measured any more.';
  return `{{ if $values.${key} }}${sentence(input, language)}{{ else }}${entity(input)}${gone}{{ end }}`;
}

function sentence(input: Input, language: Language): string {
  const who = entity(input);
  const { query, name } = input.definition;
  const zh = language === 'zh';
  const limit = query.queryType === 'forecast' ? String(input.form.limit) : limitText(input, zh);
  switch (query.queryType) {
    case 'warning':
      return zh
        ? `${who}：{{ if eq $values.A.Value 0.0 }}已越过 ${limit}${NEVER}近期不会达到 ${limit}{{ else }}预计 ${etaText('M', '小时', '不确定时间')}后达到 ${limit}（最早 ${hours('A')} 小时）{{ end }}，当前 ${number('N')}。`
        : `${who}: {{ if eq $values.A.Value 0.0 }}is past ${limit}${NEVER}is not about to reach ${limit}{{ else }}reaches ${limit} in ${etaText('M', 'h', 'an uncertain time')} (earliest ${hours('A')} h){{ end }}; now ${number('N')}.`;
    case 'forecast':
      return zh
        ? `${who}：预测将达到 ${number('M')}，${crossing(limit, zh)}${known('N', `；当前 ${number('N')}`)}。`
        : `${who}: forecast to reach ${number('M')}, ${crossing(limit, zh)}${known('N', `; now ${number('N')}`)}.`;
    case 'outlier':
      return `${who}${zh ? '：' : ': '}${beside(query.model?.algorithm === 'shares', zh)}`;
    case 'composite':
      return zh
        ? `${who}：多个信号综合异常分 ${number('S', 2)}（限值 ${input.form.score}）。`
        : `${who}: its signals together score ${number('S', 2)} (limit ${input.form.score}).`;
    default:
      return zh
        ? `${who}：${name} 当前 ${number('V')}，此时段预期 ${number('E')}（异常分 ${number('S', 2)}）。`
        : `${who}: ${name} is ${number('V')}, expected ${number('E')} at this hour (score ${number('S', 2)}).`;
  }
}

/** Words that are left out where a node has no number for the series. */
const known = (ref: string, text: string) =>
  `{{ if and $values.${ref} (eq $values.${ref}.Value $values.${ref}.Value) }}${text}{{ end }}`;

/** Where a member is and where its group is, which holds at the end of an alert as well; only the score where nobody knows. */
function beside(shares: boolean, zh: boolean): string {
  const score = zh ? `（异常分 ${number('S', 2)}）。` : ` (score ${number('S', 2)}).`;
  const [v, e] = shares ? [number('V', 3), number('E', 3)] : [number('V'), number('E')];
  const [both, none] = shares
    ? zh
      ? [`占总体的 ${v} %，此时段通常为 ${e} %`, '占总体的份额与平时不同']
      : [`${v} % of the whole, ${e} % is usual at this time`, 'its share of the whole is not as usual']
    : zh
      ? [`其值 ${v}，同组中位 ${e}`, '与同组其他成员不同']
      : [`${v}, ${e} in the middle of its group`, 'unlike the others of its group'];
  return `{{ if and $values.X (eq $values.X.Value $values.X.Value) }}${both}{{ else }}${none}{{ end }}${score}`;
}

/** When a forecast passes its limit; only what that is where it does not any more, as while the alert is held. */
function crossing(limit: string, zh: boolean): string {
  const [none, soon, later] = zh
    ? [`限值 ${limit}`, `即将越过 ${limit}`, `约 ${hours('T')} 小时后越过 ${limit}`]
    : [`limit ${limit}`, `past ${limit} right away`, `past ${limit} in ${hours('T')} h`];
  return `{{ if or (not $values.V) (ne $values.V.Value $values.V.Value) }}${none}{{ else if lt $values.T.Value 0.5 }}${soon}{{ else }}${later}{{ end }}`;
}

/** What speaks for the alert, in numbers of its evaluation: how far off, what was a week ago, how likely, which signals. */
function reason({ query, ...rest }: Definition, zh: boolean): string {
  const more = `{{ if gt $values.V.Value $values.E.Value }}${zh ? '多' : 'more'}{{ else }}${zh ? '少' : 'less'}{{ end }}`;
  switch (query.queryType) {
    case 'warning': {
      const growth = `{{ printf "%+.2g" $values.G.Value }}`;
      return zh
        ? known('P', `一周前为 ${number('P')}${known('G', `，目前每天 ${growth}`)}；`) +
            known('R', `到达限值的可能性为 ${hours('R')} %。`)
        : known('P', `It was ${number('P')} a week ago${known('G', ` and changes by ${growth} a day`)}; `) +
            known('R', `${hours('R')} % likely to get there. `);
    }
    case 'anomaly':
      return known(
        'X',
        zh
          ? `比预期${more} ${number('X')}${known('P', `，上周同一时刻 ${number('P')}`)}。`
          : `${number('X')} ${more} than expected${known('P', `; the same time last week ${number('P')}`)}. `
      );
    case 'forecast':
      return known(
        'V',
        zh
          ? `届时预测值 ${number('V')}${known('L', `（区间 ${number('L')} 至 ${number('U')}）`)}。`
          : `By then ${number('V')} is expected${known('L', `, between ${number('L')} and ${number('U')}`)}. `
      );
    case 'outlier':
      return query.model?.algorithm === 'shares'
        ? known(
            'X',
            zh ? `比平时${more} ${number('X', 3)} 个百分点。` : `${number('X', 3)} points ${more} than usual. `
          )
        : known(
            'X',
            zh
              ? `比同组中位${more} ${number('X')}${known('H', `；${hours('H')} 个成员中 ${hours('G')} 个一致`)}。`
              : `${number('X')} ${more} than the middle${known('H', `; ${hours('G')} of ${hours('H')} agree`)}. `
          );
    case 'composite': {
      const signals = signalsOf({ query, ...rest });
      const parts = signals.map(({ name, percent }) => `${name} ${hours(percent)} %`);
      return signals.length === 0
        ? ''
        : known(
            signals[0].percent,
            zh ? `得分构成：${parts.join('、')}。` : `Share of the score: ${parts.join(', ')}. `
          );
    }
    default:
      return '';
  }
}

/** Why the rule fires and what "over" means, in a given language. */
export function description({ definition, form }: Omit<Input, 'series'>, language: Language): string {
  const zh = language === 'zh';
  const why = reason(definition, zh);
  const model = zh ? `由模型“${definition.name}”判断。` : `Judged by the model “${definition.name}”.`;
  switch (definition.query.queryType) {
    case 'warning':
      return zh
        ? `${why}可能在 ${form.within} 小时内达到限值；预计时间恢复到 ${Math.round((form.within * 4) / 3)} 小时以上时解除。${model}`
        : `${why}The limit may be reached within ${form.within} h; the alert ends when the earliest time is beyond ${Math.round((form.within * 4) / 3)} h. ${model}`;
    case 'forecast':
      return zh
        ? `${why}预测在 ${form.within} 小时内越过限值。${model}`
        : `${why}The forecast passes the limit within ${form.within} h. ${model}`;
    default: {
      const impact = form.impact
        ? zh
          ? `，且数值${form.impact.direction === 'above' ? '高于' : '低于'} ${form.impact.value}`
          : ` and the value is ${form.impact.direction} ${form.impact.value}`
        : '';
      return zh
        ? `${why}异常分达到 ${form.score}${impact}，持续 ${form.pending || '0s'} 后告警；低于 ${Number((0.8 * form.score).toFixed(2))} 时解除。${model}`
        : `${why}Fires when the score reaches ${form.score}${impact} for ${form.pending || '0s'}; ends when it is below ${Number((0.8 * form.score).toFixed(2))}. ${model}`;
    }
  }
}

/** All texts of a rule: the plain ones in the author's language, the other language beside them. */
export function ruleTexts(input: Input, language: string): Texts {
  const own: Language = language.startsWith('zh') ? 'zh' : 'en';
  const other: Language = own === 'zh' ? 'en' : 'zh';
  return {
    summary: summary(input, own),
    description: description(input, own),
    [`summary_${other}`]: summary(input, other),
    [`description_${other}`]: description(input, other),
  };
}
