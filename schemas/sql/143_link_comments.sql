-- What 140 said of dw.link in English only.

COMMENT ON COLUMN dw.link.reasons IS '各项得分：[{特征, 值, 分}]；合计即总分；新行不列零分项 | contributions: [{feature, value, points}]; the points add up to the score; what adds none is left out of newer rows';
COMMENT ON COLUMN dw.link.refused IS '未采纳的候选：[{案件, 得分}]；新行只列比较到底的 | candidates that were not taken: [{incident, score}]; of newer rows those that were compared to the end';
